import type { DropPageData } from '../../../main/links/pages/drop-page.ts';
import type { Crc64Of } from '../shared/crc64/crc64-of.ts';
import type { Connection } from './connection.ts';
import { type Outgoing, type Reply, send } from './http.ts';
import type { Item, ItemState, Problem, Stored } from './items.ts';
import type { PrefixKeys, SlotKeys } from './keys.ts';
import { allowedType } from './limits.ts';
import { type End, retry } from './retry.ts';

/** What every upload of the page needs. */
export interface Means {
  readonly connection: Connection;
  readonly crc64Of: Crc64Of;
  readonly show: (item: Item, state: ItemState) => void;
}

/** How an upload ended. */
export type Outcome =
  | { readonly stored: Stored }
  | { readonly problem: Problem }
  /** Something may be stored under this key: the file, or somebody else's, or nothing. */
  | { readonly unconfirmed: string };

/** The form of the page, and the keys that it may use. */
export interface FormMeans extends Means {
  readonly form: DropPageData['form'];
  readonly keys: PrefixKeys | SlotKeys;
}

/** Sends a file in one request, by the page's form. Repeats keep its key, so that a file is stored once. */
export async function uploadByForm(item: Item, means: FormMeans): Promise<Outcome> {
  const { connection, keys, show } = means;
  const computed = connection.showsCrc64 === false ? Promise.resolve(null) : means.crc64Of(item.file);
  for (;;) {
    item.key ??= 'take' in keys ? keys.take() : keys.make(item.path, item.start);
    const { key } = item;
    if (key === null) return { problem: { kind: 'no-place' } };
    const end = await sendUnder(key, item, means);
    item.mayHaveArrived ||= end.mayHaveArrived;
    const { answer, reply } = end;
    if (answer.is === 'stored') connection.showsCrc64 = reply.crc64 !== null;
    else if (answer.is !== 'exists') return { problem: problemOf(end) };
    else if ('take' in keys) {
      // Sent again elsewhere, the file might be stored twice, and take a place that is somebody else's.
      if (item.mayHaveArrived) return { unconfirmed: key };
      // Somebody else's file.
      item.key = null;
      continue;
    }
    show(item, { at: 'finishing' });
    return proofOf(key, reply, await computed);
  }
}

function sendUnder(key: string, item: Item, means: FormMeans): Promise<End> {
  return retry({
    connection: means.connection,
    signal: item.control.signal,
    attempt: () => sendForm(item, key, means),
    canRead: () => isReadable(item.file),
    onWait: (isWaiting, mayHaveArrived) => {
      // Kept at once: a cancelled upload ends without telling.
      item.mayHaveArrived ||= mayHaveArrived;
      means.show(item, { at: isWaiting ? 'interrupted' : 'sending', sentBytes: 0 });
    },
  });
}

function sendForm(item: Item, key: string, { form, connection, show }: FormMeans): Promise<Reply> {
  const { file, control } = item;
  const type = allowedType(file, form.contentTypes);
  const body = new FormData();
  body.append('key', key);
  for (const [name, value] of form.fields) body.append(name, value);
  if (type !== null) body.append('x-oss-content-type', type);
  if (form.keys.kind === 'slots')
    body.append('x-oss-meta-name', encodeURIComponent(item.path.replaceAll(/\p{Cs}/gu, '_')));
  // OSS ignores what follows the file.
  body.append('file', file);
  const outgoing: Outgoing = { method: 'POST', url: form.action, body, signal: control.signal };
  return send({ ...outgoing, onProgress: (bytes) => showProgress(item, bytes, { connection, show }) });
}

/** Shows how much of an item has left; the fields around a file count as little. */
function showProgress(item: Item, bytes: number, { connection, show }: Pick<Means, 'connection' | 'show'>): void {
  if (bytes > 0) connection.noteProgress();
  const { size } = item.file;
  show(item, bytes < size ? { at: 'sending', sentBytes: bytes } : { at: 'finishing' });
}

/** A file is verified only by the comparison of two checksums, one from each side. */
export function proofOf(key: string, reply: Reply, crc64: string | null): Outcome {
  if (reply.crc64 !== null && crc64 !== null && reply.crc64 !== crc64) return { problem: { kind: 'damaged' } };
  const proof = reply.crc64 !== null && crc64 !== null ? 'verified' : 'accepted';
  return { stored: { key, proof, crc64, ossRequestId: reply.ossRequestId, at: Date.now() } };
}

/** Why an upload ended without being stored. */
export function problemOf({ answer }: End): Problem {
  switch (answer.is) {
    case 'closed':
      return { kind: 'closed', closing: answer.closing };
    case 'unreadable':
      return { kind: 'unreadable' };
    case 'refused':
      if (answer.code === 'EntityTooLarge') return { kind: 'too-large', limit: 0 };
      return { kind: 'refused', code: answer.code, ossRequestId: answer.ossRequestId };
    case 'gone':
    case 'exists':
    case 'stored':
      return { kind: 'no-place' };
    case 'busy':
    case 'cut':
      return { kind: 'interrupted' };
    default:
      return answer satisfies never;
  }
}

/** Whether a file can still be read: one that changed since it was chosen can't. */
export async function isReadable(file: Blob): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
