// The pictures of handing in files: a page and a ticket, as their owner makes them and as somebody uses them. In English
// alone, as the documents are.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { root, say } from './steps.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('playwright').Locator} Locator */
/** @typedef {typeof import('../assets/locales/en.json')} Words */
/**
 * What pictures are taken of: the app's window with an account.
 * @typedef {object} Stage
 * @property {import('playwright').ElectronApplication} app
 * @property {Page} page
 * @property {Words} words
 * @property {{ name: string, path: string }[]} files what somebody hands in
 * @property {{ name: string, path: string }} large what takes a ticket
 * @property {string} folder for the page and the ticket
 * @property {string} executablePath of a browser that is no part of Waybill
 */

const recipient = 'Lin, Harbour Survey';
const note = 'The photos and the report, please.';

/**
 * Takes docs/pictures/{request,drop,arrived,revoke,ticket,send}-light-en.png.
 * @param {Stage} stage
 */
export async function takeHandInPictures(stage) {
  const { page, words } = stage;
  const dialog = page.getByRole('dialog');
  await answerQuestions(stage);
  await openInbox(stage);
  await page.getByRole('button', { name: words['share.request'] }).click();
  await dialog.getByRole('button', { name: words['request.cors.add'] }).click();
  await dialog.getByText(words['request.cors.fits']).waitFor();
  await dialog.getByRole('textbox', { name: words['request.size'] }).fill('200');
  await dialog.getByRole('combobox', { name: words['share.expiry.unit'] }).first().click();
  await page.getByRole('option', { name: 'MB', exact: true }).click();
  await dialog.getByRole('textbox', { name: words['share.request.note'] }).fill(note);
  await dialog.getByRole('textbox', { name: words['share.recipient'], exact: true }).fill(recipient);
  await shootDialog(dialog, 'request');
  const saved = await save(stage, 'hand-in.html');
  await useDropPage(stage, saved);

  await page.getByRole('button', { name: words['ledger.title'], exact: true }).click();
  const entry = page.getByRole('row').filter({ hasText: recipient });
  await chooseFromMenu(page, entry, words['ledger.arrived.open']);
  await dialog.getByRole('listitem').first().waitFor();
  await shootDialog(dialog, 'arrived');
  await page.keyboard.press('Escape');
  await chooseFromMenu(page, entry, words['ledger.plan']);
  await dialog.getByRole('button', { name: words['ledger.end.do.deny-uploads'] }).waitFor();
  await shootDialog(dialog, 'revoke');
  await dialog.getByRole('button', { name: words['ledger.end.do.deny-uploads'] }).click();
  await dialog.getByText(words['ledger.end.ended']).waitFor();
  await page.keyboard.press('Escape');
  await takeTicketPictures(stage);
}

/**
 * A ticket is made in the folder that is shown, and opened as its recipient does.
 * @param {Stage} stage
 */
async function takeTicketPictures(stage) {
  const { app, page, words, large } = stage;
  const dialog = page.getByRole('dialog');
  await openInbox(stage);
  await page.getByRole('button', { name: words['share.request'] }).click();
  await dialog.getByText(words['request.way.ticket'], { exact: true }).click();
  await dialog.getByRole('textbox', { name: words['request.ticket.name'] }).fill(large.name);
  await dialog.getByRole('textbox', { name: words['request.ticket.size'] }).fill('60');
  await dialog.getByRole('textbox', { name: words['share.recipient'], exact: true }).fill(recipient);
  await shootDialog(dialog, 'ticket');
  const ticket = await readFile(await save(stage, 'recording.ticket'), 'utf8');

  await app.evaluate(({ clipboard }, text) => clipboard.writeText(text), ticket);
  await page.keyboard.press('ControlOrMeta+V');
  await app.evaluate(({ dialog: system }, path) => {
    system.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, large.path);
  await dialog.getByRole('button', { name: words['common.pick-file'] }).click();
  await dialog.getByText(large.path).waitFor();
  await shootDialog(dialog, 'send');
  await page.keyboard.press('Escape');
}

/**
 * Hands in the files in a browser, at names of OSS that lead to this machine.
 * @param {Stage} stage
 * @param {string} path of the page
 */
async function useDropPage({ files, executablePath }, path) {
  const args = ['--host-resolver-rules=MAP *.aliyuncs.com 127.0.0.1'];
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args });
  const viewport = { width: 820, height: 640 };
  const context = await browser.newContext({ locale: 'en', colorScheme: 'light', viewport, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href);
  await page.locator('#files').setInputFiles(files.map((file) => file.path));
  await page.getByRole('button', { name: /^Send 3/ }).click();
  await page.getByRole('heading', { name: /^All 3/ }).waitFor();
  await page.setViewportSize({ width: viewport.width, height: await page.evaluate(() => document.body.scrollHeight) });
  await page.screenshot({ path: pathOf('drop') });
  say(`Wrote ${pathOf('drop')}`);
  await browser.close();
}

/**
 * Opens the bucket that files are handed in to.
 * @param {Stage} stage
 */
async function openInbox({ page }) {
  await page.getByRole('button', { name: 'nordwind-exchange', exact: true }).click();
}

/**
 * Saves what the dialog describes, and closes it.
 * @param {Stage} stage
 * @param {string} name
 * @returns its path
 */
async function save({ app, page, words, folder }, name) {
  const path = join(folder, name);
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await page.getByRole('dialog').getByRole('button', { name: words['share.request.save'] }).click();
  await page.getByRole('dialog').getByText(path).waitFor();
  await page.keyboard.press('Escape');
  return path;
}

/**
 * Agrees to what main asks in dialogs of the system.
 * @param {Stage} stage
 */
async function answerQuestions({ app }) {
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
  });
}

/**
 * @param {Page} page
 * @param {Locator} row
 * @param {string} item
 */
async function chooseFromMenu(page, row, item) {
  await row.first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

/**
 * Takes a dialog alone.
 * @param {Locator} dialog
 * @param {string} name
 */
export async function shootDialog(dialog, name) {
  await dialog.page().mouse.move(640, 790);
  await dialog.evaluate(async () => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    document.querySelectorAll('[role="dialog"] *').forEach((part) => part.scrollTo(0, 0));
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
  });
  await dialog.screenshot({ path: pathOf(name) });
  say(`Wrote ${pathOf(name)}`);
}

/** @param {string} name */
function pathOf(name) {
  return join(root, 'docs', 'pictures', `${name}-light-en.png`);
}
