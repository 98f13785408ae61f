import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { RunAs } from '../../../main/accounts/accounts-options.ts';
import { Previews } from '../../../main/browsing/previews.ts';
import { Thumbnails } from '../../../main/browsing/thumbnails.ts';

/** What each request is answered with, once `wait` has resolved. */
const answering = (answer: () => object, wait: Promise<void> = Promise.resolve()): RunAs =>
  (() => wait.then(answer)) as unknown as RunAs;

const picture = () => ({ contentType: 'image/jpeg', body: Readable.from([Buffer.alloc(100)]) });

async function askFor(thumbnails: Thumbnails, key: string): Promise<string> {
  const [ticket = null] = thumbnails.offer('a', 'bbb', [{ key, sizeBytes: 5000, lastModified: 1 }]);
  await thumbnails.respond(ticket ?? '');
  return ticket ?? '';
}

describe('thumbnails that are forgotten', () => {
  test('are no longer served by the tickets they had', async () => {
    const thumbnails = new Thumbnails(answering(picture));
    const ticket = await askFor(thumbnails, 'a.jpg');
    expect(await thumbnails.respond(ticket)).not.toBeNull();
    thumbnails.clear();
    expect([await thumbnails.respond(ticket), thumbnails.held]).toEqual([null, { bytes: 0, entries: 0 }]);
  });

  test('stay forgotten where they were still on their way', async () => {
    let arrive: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const thumbnails = new Thumbnails(answering(picture, wait));
    const asked = askFor(thumbnails, 'a.jpg');
    thumbnails.clear();
    arrive();
    await asked;
    expect(thumbnails.held).toEqual({ bytes: 0, entries: 0 });
  });
});

test('a preview that is forgotten is no longer served by its ticket', async () => {
  const head = { contentType: 'image/png', sizeBytes: 5, etag: null };
  const body = { ...head, status: 200, contentLength: 5, contentRange: null, body: Readable.from([]) };
  const previews = new Previews(answering(() => ({ ...body, ...head })));
  const preview = await previews.open('a', { bucket: 'bbb', key: 'a.png' });
  const ticket = preview.kind === 'image' ? preview.ticket : '';
  expect(await previews.respond(ticket, null)).not.toBeNull();
  previews.clear();
  expect(await previews.respond(ticket, null)).toBeNull();
});
