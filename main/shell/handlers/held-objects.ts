import type { HeldObjects } from '../../contract/contract.ts';
import type { Core } from '../core.ts';
import type { Handlers, Emit } from '../ipc.ts';

/** Answers the calls about cut or copied objects. Main holds them, so that any window can paste them. */
export function heldObjectHandlers(
  { lock }: Pick<Core, 'lock'>,
  emit: Emit,
): Pick<Handlers, 'objects.held' | 'objects.hold'> {
  let held: HeldObjects | null = null;
  lock.onGivenUp(() => (held = null));
  return {
    'objects.held': () => held,
    'objects.hold': ({ held: next }) => {
      held = next;
      emit('objects.held', held);
      return null;
    },
  };
}
