import type { HeldObjects } from '../../contract/contract.ts';
import type { Handlers, Tell } from '../ipc.ts';

/** What was copied or cut in a list, so that it can be pasted in any window. */
export function heldObjectHandlers(tell: Tell): Pick<Handlers, 'objects.held' | 'objects.hold'> {
  let held: HeldObjects | null = null;
  return {
    'objects.held': () => held,
    'objects.hold': ({ held: now }) => {
      held = now;
      tell('objects.held', held);
      return null;
    },
  };
}
