// The drop page: sends files into a bucket from anyone's browser, by a form that its owner signed.
import '../shared/page.css';
import './drop.css';
import type { DropPageData } from '../../../main/links/pages/drop-page.ts';
import { startCrc64 } from '../shared/crc64/crc64-of.ts';
import { locale, text } from '../shared/texts.ts';
import { Connection } from './connection.ts';
import { type Outcome, uploadByForm } from './form-upload.ts';
import type { Item, Stored } from './items.ts';
import { PrefixKeys, SlotKeys, uniqueStart } from './keys.ts';
import { checkFile, isForTicket } from './limits.ts';
import { DropPage } from './page.ts';
import { Queue } from './queue.ts';
import { placeOf, receiptText } from './receipt.ts';
import { startParts } from './parts/ticket-upload.ts';

/** Whether this build of the page sends files in parts; what does is left out of the other. */
declare const hasParts: boolean;

const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as DropPageData;
const { form, tickets } = data;
const crc64Of = startCrc64();
const connection = new Connection(() => {
  queue.pump();
  page.draw();
});
const keys = form.keys.kind === 'slots' ? new SlotKeys(form.keys.keys) : new PrefixKeys(form.keys.prefix);
const show = (item: Item, state: Item['state']): void => {
  item.state = state;
  page.draw(item);
};
const means = { connection, crc64Of, show, form, keys };
const parts = hasParts ? startParts(tickets, means) : null;
const queue: Queue = new Queue({
  connection,
  check: (chosen) => checkFile(chosen, form, parts?.sizes() ?? []),
  upload,
  onChange: (item) => page.draw(item),
  makeStart: () => uniqueStart(),
});
const page = new DropPage(data, queue, connection);

/** Sends a file: a large one through a prepared upload, while there is one, all others by the form. */
async function upload(item: Item): Promise<Outcome> {
  const outcome = parts !== null && isForTicket(item.file.size, form, parts.sizes()) ? await parts.upload(item) : null;
  if (outcome !== null) {
    const isNamed = !('stored' in outcome) || (await noteName(item, outcome.stored));
    return isNamed ? outcome : { stored: { ...outcome.stored, isNamed } };
  }
  const problem = checkFile(item, form, []);
  return problem === null ? uploadByForm(item, means) : { problem };
}

/**
 * A prepared upload has a name that was fixed before anyone knew the file's: that goes into a note beside it, where the
 * form takes one.
 * @returns whether it is there; where it isn't, the owner learns the name from the receipt alone
 */
async function noteName(item: Item, stored: Stored): Promise<boolean> {
  const said = receiptText([{ ...item, state: { at: 'stored', stored } }], placeOf(form));
  const file = new File([said], `${item.file.name}.txt`, { type: 'text/plain' });
  const note: Item = { ...item, file, path: `${item.path}.txt`, key: null, mayHaveArrived: false };
  if (keys instanceof SlotKeys || checkFile(note, form, []) !== null) return false;
  const outcome = await uploadByForm(note, { ...means, show: () => undefined }).catch(() => null);
  return outcome !== null && 'stored' in outcome;
}

document.documentElement.lang = locale;
document.title = text('page.drop.title');
page.mount(document.getElementById('page') ?? document.body);
addEventListener('online', () => connection.wake());
void parts?.begun().then((names) => {
  if (names.length > 0) page.hint(text('page.drop.parts.begun', { names: names.join(', ') }));
});
