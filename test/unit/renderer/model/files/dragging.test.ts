import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DragOffer } from '../../../../../main/contract/contract.ts';
import { dragType } from '../../../../../renderer/lib/dropped-files.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { Dragging } from '../../../../../renderer/model/files/dragging.ts';
import type { Moving } from '../../../../../renderer/model/files/moving.svelte.ts';
import { News } from '../../../../../renderer/model/news.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate } from '../../making.ts';

const { id: accountId } = makeAccount();
const there = { accountId, bucket: 'photos' };
const subject = { ...there, keys: ['album/cat.jpg'], prefixes: ['album/2026/'] };

beforeEach(() => {
  vi.stubGlobal('location', { href: 'app://waybill/index.html' });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function makeDragging(
  dragged: Moving['subject'] = subject,
  offer: (key: string) => Promise<DragOffer> | DragOffer = () => ({ name: '', ticket: '' }),
) {
  const copied: unknown[][] = [];
  const moving = {
    subject: dragged,
    copyTo: (...args: unknown[]) => {
      copied.push(args);
      return Promise.resolve();
    },
  };
  const call = answering({ 'objects.offerDrag': ({ key }) => offer(key) });
  return { dragging: new Dragging(moving as unknown as Moving, new News(new Messages('en')), call), copied };
}

function makeEvent(held: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey', boolean>> = {}) {
  const data = new Map<string, string>();
  const dataTransfer = {
    effectAllowed: 'none',
    dropEffect: 'none',
    setData: (type: string, text: string) => data.set(type, text),
    get types() {
      return [...data.keys()];
    },
  };
  const preventDefault = vi.fn();
  return { data, dataTransfer, preventDefault, ctrlKey: false, altKey: false, shiftKey: false, ...held };
}

const asEvent = (event: ReturnType<typeof makeEvent>) => event as unknown as DragEvent;

/** Drops what is dragged at a folder, with these keys held; gives what it came to. */
async function dropAt(to: { accountId: string; bucket: string; prefix: string }, held = {}, dragged = subject) {
  const { dragging, copied } = makeDragging(dragged);
  const event = makeEvent(held);
  dragging.start(asEvent(event));
  dragging.over(asEvent(event), to, null);
  await dragging.drop(asEvent(event), to);
  const [first] = copied;
  return first === undefined ? null : { effect: event.dataTransfer.dropEffect, move: first[2] };
}

describe('what is dropped', () => {
  test.each([
    ['in its bucket', { ...there, prefix: 'other/' }, {}, true],
    ['in its bucket with Ctrl', { ...there, prefix: 'other/' }, { ctrlKey: true }, false],
    ['in its bucket with Alt', { ...there, prefix: 'other/' }, { altKey: true }, false],
    ['in another bucket', { ...there, bucket: 'films', prefix: '' }, {}, false],
    ['in another bucket with Shift', { ...there, bucket: 'films', prefix: '' }, { shiftKey: true }, true],
    ['in a bucket of that name of another account', { ...there, accountId: 'other', prefix: 'album/' }, {}, false],
  ])('%s', async (_, to, held, move) => {
    expect(await dropAt(to, held)).toEqual({ effect: move ? 'move' : 'copy', move });
  });

  test('where it is already does nothing', async () => {
    expect(await dropAt({ ...there, prefix: 'album/' })).toBeNull();
  });

  test('into itself, or deeper, does nothing', async () => {
    expect(await dropAt({ ...there, prefix: 'album/2026/' })).toBeNull();
    expect(await dropAt({ ...there, prefix: 'album/2026/11/' })).toBeNull();
  });

  test('beside a folder whose name only begins alike is moved', async () => {
    expect(await dropAt({ ...there, prefix: 'album/2026-old/' })).toMatchObject({ move: true });
  });

  test('from elsewhere is not ours to take', async () => {
    const { dragging, copied } = makeDragging();
    const event = makeEvent();
    await dragging.drop(asEvent(event), { ...there, prefix: 'other/' });
    expect([copied, event.preventDefault.mock.calls]).toEqual([[], []]);
  });

  test('after the drag has ended is nothing', async () => {
    const { dragging, copied } = makeDragging();
    const event = makeEvent();
    dragging.start(asEvent(event));
    dragging.end();
    await dragging.drop(asEvent(event), { ...there, prefix: 'other/' });
    expect(copied).toEqual([]);
  });
});

describe('dragging one object out of the window', () => {
  const one = { ...there, keys: ['cat.jpg'], prefixes: [] };

  test('hands the system an address that gives the file once', async () => {
    const { dragging } = makeDragging(one, (key) => ({ name: key, ticket: 'abc' }));
    await dragging.prepare({ ...there, key: 'cat.jpg' });
    const [first, second] = [makeEvent(), makeEvent()];
    dragging.start(asEvent(first));
    dragging.start(asEvent(second));
    expect(first.data.get('DownloadURL')).toBe('application/octet-stream:cat.jpg:app://waybill/drag/abc');
    expect([...second.data.keys()]).toEqual([dragType]);
  });

  test('works with the newest offer, whichever comes last', async () => {
    const [slow, fast] = [makeGate<DragOffer>(), makeGate<DragOffer>()];
    const { dragging } = makeDragging(one, (key) => (key === 'dog.jpg' ? slow.answer : fast.answer));
    const both = [dragging.prepare({ ...there, key: 'dog.jpg' }), dragging.prepare({ ...there, key: 'cat.jpg' })];
    fast.open({ name: 'cat.jpg', ticket: 'new' });
    await both[1];
    slow.open({ name: 'dog.jpg', ticket: 'old' });
    await both[0];
    const event = makeEvent();
    dragging.start(asEvent(event));
    expect(event.data.get('DownloadURL')).toContain('drag/new');
  });

  test('needs an offer for that object, and no other with it', async () => {
    const { dragging } = makeDragging(subject, (key) => ({ name: key, ticket: 'abc' }));
    await dragging.prepare({ ...there, key: 'album/cat.jpg' });
    const event = makeEvent();
    dragging.start(asEvent(event));
    expect([...event.data.keys()]).toEqual([dragType]);
  });
});
