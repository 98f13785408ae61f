import { ipcMain, type BrowserWindow } from 'electron';
import { calls, type ArgsOf, type CallName, type Events, type Reply, type Results } from '../contract/contract.ts';
import { toFailure, WaybillError } from '../failure.ts';
import { appOrigin } from './security/app-scheme.ts';
import { recordBug } from './log.ts';
import { isOurs } from './security/sender.ts';

/** One function for each call of the contract; a missing one does not compile. `window` is the one that asks. */
export type Handlers = {
  readonly [C in CallName]: (args: ArgsOf<C>, window: BrowserWindow) => Promise<Results[C]> | Results[C];
};

/** What is answered while the window is locked. */
const openWhileLocked: ReadonlySet<string> = new Set<CallName>(['lock.state', 'lock.unlock', 'lock.giveUp']);

/** Serves the contract. Each call is checked for its sender and its arguments before a handler sees it. */
export function serveContract(
  handlers: Handlers,
  windowOf: (page: object) => BrowserWindow | null,
  isLocked: () => boolean,
): void {
  for (const name of Object.keys(calls) as CallName[]) {
    ipcMain.handle(`waybill:${name}`, (event, args: unknown) =>
      answer(name, handlers, args, () => {
        const window = windowOf(event.sender);
        if (window === null || !isOurs(event, window.webContents, appOrigin)) {
          throw new Error(`${name} was called from a frame that is not ours`);
        }
        if (isLocked() && !openWhileLocked.has(name)) {
          throw new WaybillError({ kind: 'input', field: 'lock', rule: 'app-locked' });
        }
        return window;
      }),
    );
  }
}

/** Tells all windows something unasked. */
export type Tell = <E extends keyof Events>(name: E, payload: Events[E]) => void;

/** Tells one window's page something unasked, if it is still there. */
export function tellWindow<E extends keyof Events>(window: BrowserWindow, name: E, payload: Events[E]): void {
  if (!window.isDestroyed()) window.webContents.send(`waybill:${name}`, payload);
}

async function answer<C extends CallName>(
  name: C,
  handlers: Handlers,
  args: unknown,
  allowedWindow: () => BrowserWindow,
): Promise<Reply<C>> {
  try {
    const window = allowedWindow();
    const parsed = calls[name].safeParse(args);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new WaybillError({ kind: 'input', field: issue?.path.join('.') ?? name, rule: issue?.code ?? 'invalid' });
    }
    return { ok: true, value: await handlers[name](parsed.data as ArgsOf<C>, window) };
  } catch (error) {
    return { ok: false, failure: toFailure(error, recordBug) };
  }
}
