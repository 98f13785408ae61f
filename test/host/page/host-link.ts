// The preload world's two ways to the host: messages, and one call that waits for its answer.
import type { FromPage, ToPage } from '../messages.ts';

interface World {
  /** The binding that the host adds to this world only (Runtime.addBinding). */
  electronHost?: (message: string) => void;
  /** Where callHost() leaves its argument and the host its answer. */
  electronHostCall?: { files: readonly File[]; paths: readonly string[] | null };
  /** Called by the host with a batch of messages. */
  electronHostReceive?: (messages: readonly ToPage[]) => void;
}

const world = globalThis as World;
/** What the host said while callHost() waited: nothing listens while a page stands still in the debugger. */
let heldBack: readonly ToPage[] = [];
let deliver: (messages: readonly ToPage[]) => void = () => undefined;
const binding = world.electronHost;
delete world.electronHost;

export function post(...message: FromPage): void {
  binding?.(JSON.stringify(message));
}

export function onMessage(receive: (message: ToPage) => void): void {
  deliver = (messages) => {
    for (const message of messages) {
      try {
        receive(message);
      } catch (error) {
        console.error(error);
      }
    }
  };
  world.electronHostReceive = (messages) => {
    if (world.electronHostCall === undefined) deliver(messages);
    else heldBack = [...heldBack, ...messages];
  };
}

/**
 * Asks the host for the paths of files, and waits. A page can't wait for anything outside, except in the debugger:
 * `debugger` stops this function, the host (which looks for its name) writes the answer and lets it go on.
 */
export function callHost(files: readonly File[]): readonly string[] {
  const call: NonNullable<World['electronHostCall']> = { files, paths: null };
  world.electronHostCall = call;
  // oxlint-disable-next-line no-debugger -- the way out, see above
  debugger;
  delete world.electronHostCall;
  const held = heldBack;
  heldBack = [];
  if (held.length > 0) queueMicrotask(() => deliver(held));
  return call.paths ?? files.map(() => '');
}
