import type Electron from 'electron';
import { hostEmitter } from '../host-emitter.ts';
import { refuseOthers } from '../not-implemented.ts';

/** The desktop's power services are not watched: none of these is ever heard. */
const events = ['suspend', 'resume', 'on-ac', 'on-battery', 'shutdown', 'lock-screen', 'unlock-screen'];

export const powerMonitor = new (class extends hostEmitter('powerMonitor', events) {
  /** As if somebody were always at it. */
  getSystemIdleTime(): number {
    return 0;
  }
})();

const blockers = new Set<number>();
let lastId = 0;

/** Keeps count, but keeps nothing awake. */
export const powerSaveBlocker = refuseOthers('powerSaveBlocker', {
  start: (type: 'prevent-app-suspension' | 'prevent-display-sleep'): number => {
    if (!['prevent-app-suspension', 'prevent-display-sleep'].includes(type))
      throw new TypeError(`No such type: ${type}`);
    blockers.add(++lastId);
    return lastId;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
} satisfies Electron.PowerSaveBlocker);
