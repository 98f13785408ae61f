import { powerMonitor } from 'electron';

/** How often the time without a key or the mouse is asked for, in milliseconds. */
const ASK_EVERY_MS = 10_000;

/** Calls `lock` when nobody has used the computer for so long, when it falls asleep, and when its screen is locked. */
export function lockWhenIdle(afterMinutes: () => number | null, lock: () => void): void {
  const lockIfWanted = (): void => {
    if (afterMinutes() !== null) lock();
  };
  powerMonitor.on('suspend', lockIfWanted);
  powerMonitor.on('lock-screen', lockIfWanted);
  setInterval(() => {
    const minutes = afterMinutes();
    if (minutes !== null && powerMonitor.getSystemIdleTime() >= minutes * 60) lock();
  }, ASK_EVERY_MS).unref();
}
