import { ipcMain, type BrowserWindow } from 'electron';
import { z } from 'zod';
import { calls, type ArgsOf, type CallName, type Events, type Reply, type Results } from '../contract/contract.ts';
import { localPath } from '../contract/fields.ts';
import { toFailure, WaybillError } from '../failure.ts';
import { appOrigin } from './security/app-scheme.ts';
import { recordBug } from './log.ts';
import type { GrantedPaths } from './security/granted-paths.ts';
import { isOurs } from './security/page-rules.ts';

/** One function for each call of the contract, checked by the compiler. `window` is the calling window. */
export type Handlers = {
  readonly [C in CallName]: (args: ArgsOf<C>, window: BrowserWindow) => Promise<Results[C]> | Results[C];
};

/** The calls that are answered while the app is locked. */
const openWhileLocked: ReadonlySet<string> = new Set<CallName>(['lock.state', 'lock.unlock', 'lock.giveUp']);

/** Serves the contract over IPC. Checks the sender, the lock and the arguments of each call before its handler runs. */
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
          throw new Error(`${name} was called from an untrusted frame`);
        }
        if (isLocked() && !openWhileLocked.has(name)) {
          throw new WaybillError({ kind: 'input', field: 'lock', rule: 'app-locked' });
        }
        return window;
      }),
    );
  }
}

/** Paths of one drop, or of one choice in a file field of the page. */
const givenFiles = z.array(localPath).max(100_000);

/** Records the files that a person dropped on a window. The preload names them; a page has no way to send this message. */
export function receiveGivenFiles(
  paths: GrantedPaths,
  windowOf: (page: object) => BrowserWindow | null,
  isLocked: () => boolean,
): void {
  ipcMain.on('files-given', (event, given: unknown) => {
    const window = windowOf(event.sender);
    const parsed = givenFiles.safeParse(given);
    if (window === null || !isOurs(event, window.webContents, appOrigin) || isLocked() || !parsed.success) return;
    paths.addReadable(parsed.data);
  });
}

/** Sends an event of the contract to every window. */
export type Emit = <E extends keyof Events>(name: E, payload: Events[E]) => void;

/** Sends an event of the contract to one window, unless it has been closed. */
export function emitTo<E extends keyof Events>(window: BrowserWindow, name: E, payload: Events[E]): void {
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
