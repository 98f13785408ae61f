import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Item, ItemState } from '../../../../renderer/pages/drop/items.ts';
import { receiptText } from '../../../../renderer/pages/drop/receipt.ts';
import { totalsOf } from '../../../../renderer/pages/drop/state-text.ts';

let ids = 0;

function item(path: string, state: ItemState, size = 10): Item {
  ids += 1;
  const file = { size, name: path } as File;
  return {
    ...{ id: ids, path, file, start: 's', key: null, mayHaveArrived: false },
    state,
    control: new AbortController(),
  };
}

const verified = { key: 'in/a', proof: 'verified', crc64: '7', ossRequestId: 'R1', at: 0 } as const;
const place = { bucket: 'inbox', host: 'inbox.example.com' };

test('a receipt says what was compared and what was only accepted, and what didn’t arrive', () => {
  const text = receiptText(
    [
      item('a.txt', { at: 'stored', stored: verified }),
      item('b.txt', { at: 'stored', stored: { ...verified, proof: 'accepted', crc64: null, ossRequestId: null } }),
      item('c.txt', { at: 'failed', problem: { kind: 'empty' } }),
    ],
    place,
  );
  const [, first = '', second = '', others = '', last = ''] = text.split('\n\n');
  expect(first.split('\n')).toEqual([
    'a.txt',
    '  page.drop.receipt.size',
    '  page.drop.receipt.time',
    '  page.drop.receipt.key',
    '  page.drop.receipt.verified',
    '  page.drop.receipt.crc64',
    '  page.drop.receipt.request',
  ]);
  expect(second).toContain('page.drop.receipt.accepted');
  expect(second).not.toMatch(/verified|crc64|request/);
  expect(others).toContain('page.drop.receipt.not-sent');
  expect(last.trim()).toBe('page.drop.receipt.unsigned');
});

test('a name can’t write lines of its own into a receipt', () => {
  const text = receiptText([item('a\nVerified\u2028b', { at: 'stored', stored: verified })], place);
  expect(text).toContain('a�Verified�b\n');
});

test('the totals leave out what isn’t sent', () => {
  const totals = totalsOf([
    item('a', { at: 'stored', stored: verified }, 100),
    item('b', { at: 'sending', sentBytes: 5 }, 50),
    item('c', { at: 'failed', problem: { kind: 'empty' } }, 0),
    item('d', { at: 'cancelled', mayHaveArrived: false }, 1000),
    item('e', { at: 'ready' }, 7),
  ]);
  expect(totals).toEqual({
    ...{ count: 5, stored: 1, verified: 1, failed: 2, again: 1, unconfirmed: 0, ready: 1, busy: 1 },
    ...{ bytes: 157, sentBytes: 105 },
  });
});

test('the colours of the pages are those of the window', () => {
  const root = join(import.meta.dirname, '../../../../renderer');
  const tokens = readFileSync(join(root, 'styles/tokens.css'), 'utf8');
  const [shared, share] = ['shared/page.css', 'share/share.css'].map((name) =>
    readFileSync(join(root, 'pages', name), 'utf8'),
  );
  const page = `${shared ?? ''}${share ?? ''}`;
  const valuesOf = (name: string) =>
    [...page.matchAll(new RegExp(`--${name}: ([^;]+);`, 'g'))].map(([, value]) => value);
  const names = new Set([...page.matchAll(/--([\w-]+):/g)].map(([, name = '']) => name));
  names.delete('ground');
  names.delete('font');
  expect(names.size).toBeGreaterThan(10);
  for (const name of names) {
    const [light, dark] = valuesOf(name);
    expect(tokens, name).toContain(`--${name}: light-dark(${light ?? ''}, ${dark ?? ''});`);
  }
});
