// Starts Waybill, waits until its window can be used, and writes a picture of it.
import { _electron } from 'playwright';
import { root, say } from './steps.mjs';

const [file = 'waybill.png', ...args] = process.argv.slice(2);
const app = await _electron.launch({ args: [root, ...args], colorScheme: null });
try {
  const page = await app.firstWindow();
  await page.getByRole('main').waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  // As it stays, not as it comes in.
  await page.screenshot({ path: file, animations: 'disabled' });
  say(`Wrote ${file}`);
} finally {
  await app.close();
}
