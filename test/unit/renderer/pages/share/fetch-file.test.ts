import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeCrc64 as makeMainCrc64 } from '../../../../../main/crc64/crc64.ts';
import { verdictOf } from '../../../../../renderer/pages/share/checked-downloads.ts';
import { fetchFile, troubleOf } from '../../../../../renderer/pages/share/fetch-file.ts';

const whole = new Uint8Array(1000).map((_, index) => index % 251);
const crc64 = crc64Of(whole);

function crc64Of(bytes: Uint8Array): string {
  const sum = makeMainCrc64();
  sum.update(bytes);
  return sum.digest();
}

/** A body that breaks after its pieces, as a lost connection does, or ends. */
function bodyOf(pieces: readonly Uint8Array[], breaks: boolean): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(piece);
      else if (breaks) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
}

function answers(...replies: readonly (() => Response)[]) {
  const left = [...replies];
  const asked: (string | null)[] = [];
  vi.stubGlobal('fetch', (_url: string, { headers }: { headers: Record<string, string> }) => {
    asked.push(headers['range'] ?? null);
    const next = left.shift();
    return next === undefined ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(next());
  });
  return asked;
}

const reply =
  (status: number, body: BodyInit, headers: Record<string, string> = {}) =>
  () =>
    new Response(body, { status, headers: { 'x-oss-hash-crc64ecma': crc64, ...headers } });

class Memory {
  bytes: number[] = [];
  write = (piece: Uint8Array): Promise<void> => Promise.resolve(void this.bytes.push(...piece));
  restart = (): Promise<void> => Promise.resolve(void (this.bytes = []));
}

function run(sink = new Memory()) {
  const dates: (string | null)[] = [];
  const waits: number[] = [];
  const controller = new AbortController();
  const received = fetchFile('https://example.com/a', sink, {
    signal: controller.signal,
    onBytes: () => undefined,
    onDate: (date) => dates.push(date),
    wait: (ms) => Promise.resolve(void waits.push(ms)),
  });
  return { received, sink, dates, waits, controller };
}

afterEach(() => vi.unstubAllGlobals());

describe('a file', () => {
  test('arrives with its checksum, and the time of the answer', async () => {
    const asked = answers(reply(200, whole, { 'content-length': '1000', date: 'Tue, 01 Dec 2026 12:00:00 GMT' }));
    const { received, sink, dates } = run();
    await expect(received).resolves.toEqual({ bytes: 1000, crc64, servedCrc64: crc64, sentBytes: 1000 });
    expect(Uint8Array.from(sink.bytes)).toEqual(whole);
    expect(dates).toEqual(['Tue, 01 Dec 2026 12:00:00 GMT']);
    expect(asked).toEqual([null]);
  });

  test('is taken up where the connection broke', async () => {
    const asked = answers(
      reply(200, bodyOf([whole.subarray(0, 300), whole.subarray(300, 400)], true)),
      reply(206, bodyOf([whole.subarray(400, 700)], true)),
      reply(503, 'busy'),
      reply(206, bodyOf([whole.subarray(700)], false)),
    );
    const { received, sink } = run();
    await expect(received).resolves.toMatchObject({ bytes: 1000, crc64 });
    expect(Uint8Array.from(sink.bytes)).toEqual(whole);
    expect(asked).toEqual([null, 'bytes=400-', 'bytes=700-', 'bytes=700-']);
  });

  test('begins again where the server sends all of it again', async () => {
    answers(reply(200, bodyOf([whole.subarray(0, 300)], true)), reply(200, whole));
    const { received, sink } = run();
    await expect(received).resolves.toMatchObject({ bytes: 1000, crc64 });
    expect(Uint8Array.from(sink.bytes)).toEqual(whole);
  });

  test('is given up after a few attempts without a byte, with longer and longer pauses', async () => {
    const asked = answers();
    const { received, waits } = run();
    await expect(received).rejects.toMatchObject({ trouble: { kind: 'network' } });
    expect(asked).toHaveLength(5);
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  test('is not asked for again once it is refused', async () => {
    const asked = answers(reply(403, '<Error><Code>AccessDenied</Code><Message>No.</Message></Error>'));
    await expect(run().received).rejects.toMatchObject({ trouble: { kind: 'refused', code: 'AccessDenied' } });
    expect(asked).toHaveLength(1);
  });

  test('whose disk is full fails of that, not of the network', async () => {
    answers(reply(200, whole));
    const full = Object.assign(new Memory(), { write: () => Promise.reject(new TypeError('quota')) });
    await expect(run(full).received).rejects.toThrow('disk');
  });

  test('that is stopped is not taken up again', async () => {
    const asked = answers(reply(200, bodyOf([whole.subarray(0, 300)], true)));
    const { received, controller } = run();
    controller.abort(new Error('stopped'));
    await expect(received).rejects.toThrow('stopped');
    expect(asked).toHaveLength(1);
  });
});

test.each([
  [403, '<Code>AccessDenied</Code><Message>Request has expired.</Message>', { kind: 'expired' }],
  [403, '<Code>SecurityTokenExpired</Code><Message>The token is over.</Message>', { kind: 'expired' }],
  [404, '<Code>NoSuchKey</Code><Message>…</Message>', { kind: 'gone' }],
  [403, '<Code>InvalidObjectState</Code>', { kind: 'refused', code: 'InvalidObjectState' }],
  [502, '<html>gateway</html>', { kind: 'refused', code: '502' }],
])('an answer %d %s means %j', (status, body, trouble) => {
  expect(troubleOf(status, body)).toEqual(trouble);
});

describe('what arrived is', () => {
  const received = { bytes: 5, crc64: '7', servedCrc64: null, sentBytes: 5 };
  test.each([
    ['verified by what the server says', { sizeBytes: 5, crc64: null }, { servedCrc64: '7' }, 'verified'],
    ['verified by what the page says', { sizeBytes: 5, crc64: '7' }, {}, 'verified'],
    ['another file than the page was for', { sizeBytes: 4, crc64: '6' }, { servedCrc64: '7' }, 'replaced'],
    ['damaged by what the server says', { sizeBytes: 5, crc64: '7' }, { servedCrc64: '8' }, 'damaged'],
    ['damaged by what the page says', { sizeBytes: 5, crc64: '8' }, {}, 'damaged'],
    ['too short without a checksum', { sizeBytes: 6, crc64: null }, { sentBytes: null }, 'damaged'],
    ['unchecked without a checksum', { sizeBytes: 5, crc64: null }, {}, 'unchecked'],
    ['unchecked if it was unpacked on the way', { sizeBytes: 3, crc64: '9' }, { sentBytes: 3 }, 'unchecked'],
  ] as const)('%s', (_what, file, fields, at) => {
    expect(verdictOf(file, { ...received, ...fields })).toEqual({ at });
  });
});
