// What a page says of files whose answer was lost: the server is a list of answers.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Connection } from '../../../../renderer/pages/drop/connection.ts';
import { type FormMeans, uploadByForm } from '../../../../renderer/pages/drop/form-upload.ts';
import type { Item } from '../../../../renderer/pages/drop/items.ts';
import { SlotKeys } from '../../../../renderer/pages/drop/keys.ts';
import { startParts } from '../../../../renderer/pages/drop/parts/ticket-upload.ts';
import { Queue } from '../../../../renderer/pages/drop/queue.ts';

interface Scripted {
  /** 0 for a connection that is cut, `never` for one that stays silent. */
  readonly status: number | 'never';
  readonly code?: string;
  readonly body?: string;
  readonly headers?: string;
  /** What progress reports, in order. */
  readonly progress?: readonly number[];
}

let answers: Scripted[] = [];
let sent: string[] = [];

/** As much of XMLHttpRequest as the page uses. */
class Scriptable extends EventTarget {
  readonly upload = new EventTarget();
  status = 0;
  responseText = '';
  #headers = '';
  #request = '';

  open(method: string, url: string): void {
    this.#request = `${method} ${url}`;
  }

  setRequestHeader(): void {
    // Headers are no matter here.
  }

  getAllResponseHeaders(): string {
    return this.#headers;
  }

  abort(): void {
    this.status = 0;
    this.dispatchEvent(new Event('loadend'));
  }

  send(body: FormData | Blob | null): void {
    const key = body instanceof FormData ? body.get('key') : null;
    sent.push(typeof key === 'string' ? key : this.#request);
    const { status, code, headers = '', progress = [5], ...answer } = answers.shift() ?? { status: 'never' };
    queueMicrotask(() => {
      for (const loaded of body === null ? [] : progress)
        this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded }));
      if (status === 'never') return;
      this.status = status;
      this.responseText = answer.body ?? (code === undefined ? '' : `<Error><Code>${code}</Code></Error>`);
      this.#headers = headers;
      this.dispatchEvent(new Event('loadend'));
    });
  }
}

const taken: Scripted = { status: 409, code: 'FileAlreadyExists' };

beforeEach(() => {
  [answers, sent] = [[], []];
  vi.stubGlobal('XMLHttpRequest', Scriptable);
  vi.stubGlobal('window', globalThis);
});
afterEach(() => vi.unstubAllGlobals());

function connected(): Connection {
  const connection = new Connection(() => undefined);
  connection.wait = () => Promise.resolve();
  return connection;
}

const show = (item: Item, state: Item['state']): void => {
  item.state = state;
};

/** A page with two places, and one file that waits to be sent. */
function placesPage() {
  const connection = connected();
  const form = {
    ...{ action: 'https://b.example/', fields: [], contentTypes: [], sizeBytes: { min: 1, max: 10 } },
    keys: { kind: 'slots', keys: ['one', 'two'] },
  } as unknown as FormMeans['form'];
  const keys = new SlotKeys(['one', 'two']);
  const means: FormMeans = { connection, crc64Of: () => Promise.resolve('7'), show, form, keys };
  const upload = (item: Item) => uploadByForm(item, means);
  const queue = new Queue({ connection, check: () => null, upload, onChange: () => undefined, makeStart: () => 's' });
  const [item] = queue.add([{ file: new File(['12345'], 'a'), path: 'a' }]);
  if (item === undefined) throw new Error('one file');
  return { queue, item };
}

test('a place that is taken by somebody else’s file is passed over', async () => {
  answers = [taken, { status: 200 }];
  const { queue, item } = placesPage();
  queue.start();
  await vi.waitFor(() => expect(item.state).toMatchObject({ at: 'stored', stored: { key: 'two' } }));
});

test('a place that an upload may have taken before it was cancelled isn’t left for the next one', async () => {
  answers = [{ status: 'never' }, taken];
  const { queue, item } = placesPage();
  queue.start();
  await vi.waitFor(() => expect(item.state.at).toBe('finishing'));
  queue.cancel(item);
  queue.again(item);
  await vi.waitFor(() => expect(item.state).toEqual({ at: 'unconfirmed', key: 'one' }));
  expect(sent).toEqual(['one', 'one']);
});

test('what an attempt may have stored is still known after a cancel', async () => {
  answers = [{ status: 0 }, { status: 'never', progress: [] }, taken];
  const { queue, item } = placesPage();
  queue.start();
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  queue.cancel(item);
  queue.again(item);
  await vi.waitFor(() => expect(item.state).toEqual({ at: 'unconfirmed', key: 'one' }));
});

test('a place that is taken after the browser sent twice by itself may hold the file', async () => {
  answers = [{ ...taken, progress: [500, 100, 500] }];
  const { queue, item } = placesPage();
  queue.start();
  await vi.waitFor(() => expect(item.state).toEqual({ at: 'unconfirmed', key: 'one' }));
  expect(sent).toEqual(['one']);
});

const ticket = {
  ...{ uploadId: 'u', key: 'in/k', sizeBytes: 10, partSizeBytes: 102_400, parts: 1, completeHeaders: {} },
  ...{
    put: 'https://b.example/k?partNumber={n}&x-oss-signature={signature}',
    signatures: Buffer.alloc(32).toString('base64'),
  },
  ...{ list: ['https://b.example/k?list'], complete: 'https://b.example/k?complete' },
} as unknown as Parameters<typeof startParts>[0][number];

async function sendInParts(crc64: string | null, scripted: Scripted[]) {
  answers = scripted;
  const means = { connection: connected(), crc64Of: () => Promise.resolve(crc64), show };
  const parts = startParts([ticket], means);
  const item = { file: new File(['12345'], 'a'), path: 'a', state: { at: 'ready' }, control: new AbortController() };
  return parts.upload(item as unknown as Item);
}

const noParts: Scripted = { status: 200, body: '<ListPartsResult></ListPartsResult>' };
const part: Scripted = { status: 200, headers: 'etag: "e"\r\nx-oss-hash-crc64ecma: 7' };
const busy: Scripted = { status: 503, code: 'ServiceUnavailable' };

test('an upload that is gone when it is completed again isn’t said to be stored', async () => {
  const gone: Scripted = { status: 404, code: 'NoSuchUpload' };
  expect(await sendInParts('7', [noParts, part, busy, gone])).toEqual({ unconfirmed: 'in/k' });
  expect(await sendInParts('7', [noParts, part, busy, taken, gone])).toEqual({ unconfirmed: 'in/k' });
});

test('a name that is taken while the upload still exists is somebody else’s', async () => {
  const outcome = await sendInParts('7', [noParts, part, busy, taken, noParts]);
  expect(outcome).toEqual({ problem: { kind: 'no-place' } });
});

test('a part that no checksum was compared of is sent again', async () => {
  const answerOf = (result: unknown) => {
    const request = Object.assign(new EventTarget(), { result });
    queueMicrotask(() => request.dispatchEvent(new Event('success')));
    return request;
  };
  const note = { uploadId: 'u', name: 'other', sizeBytes: 5, lastModified: 1 };
  const store = { get: () => answerOf(note), put: () => answerOf(1), delete: () => answerOf(1) };
  const database = { transaction: () => ({ objectStore: () => store }) };
  vi.stubGlobal('indexedDB', { open: () => answerOf(database) });
  const other = '<Part><PartNumber>1</PartNumber><ETag>"other"</ETag><Size>5</Size></Part>';
  const list = { status: 200, body: `<ListPartsResult>${other}</ListPartsResult>` };
  await sendInParts(null, [list, noParts, part, { status: 200 }]);
  expect(sent.filter((request) => request.startsWith('PUT'))).toHaveLength(1);
});
