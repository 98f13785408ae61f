import type { ElectronApplication, Locator, Page } from 'playwright';
import { expect } from 'playwright/test';

/** Drags files and folders from the desktop and drops them on `target`. */
export async function dropFiles(page: Page, target: Locator, paths: readonly string[]): Promise<void> {
  await drop(page, target, filesOf(paths));
}

/** Drags files over `over`, which may show targets for them; returns what drops them on one of these, or there. */
export async function dragFiles(
  page: Page,
  over: Locator,
  paths: readonly string[],
): Promise<(on: Locator, held?: { readonly shift: boolean }) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const send = async (type: DragStep, at: Locator, shift: boolean) => {
    const event = { ...(await middleOf(at)), data: filesOf(paths), modifiers: shift ? 8 : 0 };
    await session.send('Input.dispatchDragEvent', { type, ...event });
  };
  await send('dragEnter', over, false);
  await send('dragOver', over, false);
  return async (on, { shift } = { shift: false }) => {
    await send('dragOver', on, shift);
    await send('drop', on, shift);
    await session.detach();
  };
}

type DragStep = 'dragEnter' | 'dragOver' | 'drop';

function filesOf(paths: readonly string[]): Dragged {
  return { items: [], files: [...paths], dragOperationsMask: 1 };
}

async function middleOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('the target of the drop is not visible');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags a text from another program and drops it on `target`. */
export async function dropText(page: Page, target: Locator, text: string): Promise<void> {
  await drop(page, target, { items: [{ mimeType: 'text/plain', data: text }], dragOperationsMask: 1 });
}

interface Dragged {
  readonly items: { mimeType: string; data: string }[];
  readonly files?: string[];
  readonly dragOperationsMask: number;
}

async function drop(page: Page, target: Locator, data: Dragged): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const event = { ...(await middleOf(target)), data };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const satisfies readonly DragStep[]) {
    await session.send('Input.dispatchDragEvent', { type, ...event });
  }
  await session.detach();
}

/** What is on the clipboard. */
export function copiedText(app: ElectronApplication): Promise<string> {
  return app.evaluate(({ clipboard }) => clipboard.readText());
}

/**
 * The link on the clipboard, once it leads to this object: on X, a clipboard changes hands a moment after the program
 * that wrote to it has gone on.
 */
export async function copiedLink(app: ElectronApplication, key: string): Promise<string> {
  let link = '';
  const leadsThere = async () => {
    link = await copiedText(app);
    return URL.canParse(link) && decodeURIComponent(new URL(link).pathname).endsWith(`/${key}`);
  };
  await expect.poll(leadsThere, `a link to ${key} is on the clipboard`).toBe(true);
  return link;
}

/** Copies a text as another program would, then presses Ctrl+V in the window. */
export async function pasteText({ app, page }: { app: ElectronApplication; page: Page }, text: string): Promise<void> {
  await app.evaluate(({ clipboard }, copied) => clipboard.writeText(copied), text);
  await expect.poll(() => copiedText(app)).toBe(text);
  await page.keyboard.press('ControlOrMeta+V');
}

/** Lets the system's next dialogs for files and folders answer with `paths`. */
export async function answerDialogs(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths });
    },
    [...paths],
  );
}

/** Lets the system's next dialogs for saving answer with `path`; null is Cancel. */
export async function answerSaveDialogs(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' });
  }, path);
}

/**
 * Answers what main asks in the system's dialogs from now on, as a person who agrees or cancels.
 * @returns the questions so far
 */
export async function answerQuestions(app: ElectronApplication, agrees: boolean): Promise<() => Promise<string[]>> {
  await app.evaluate(({ dialog }, response) => {
    const questions: string[] = [];
    Object.assign(globalThis, { questions });
    dialog.showMessageBox = (...given: unknown[]) => {
      questions.push((given.at(-1) as { message: string }).message);
      return Promise.resolve({ response, checkboxChecked: false });
    };
  }, Number(agrees));
  return () => app.evaluate(() => (globalThis as unknown as { questions: string[] }).questions);
}

/** The addresses that main has handed to the browser since. */
export async function watchBrowser(app: ElectronApplication): Promise<() => Promise<string[]>> {
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = (address) => {
      opened.push(address);
      return Promise.resolve();
    };
  });
  return () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
}

/** Chooses an entry of the application menu, which is the system's and cannot be clicked. */
export async function chooseMenuItem(app: ElectronApplication, id: string): Promise<void> {
  await app.evaluate(({ Menu }, wanted) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    if (item === null || item === undefined) throw new Error(`the menu has no ${wanted}`);
    (item.click as () => void)();
  }, id);
}
