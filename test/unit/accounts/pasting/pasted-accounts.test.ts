import { expect, test } from 'vitest';
import { PastedAccounts } from '../../../../main/accounts/pasting/pasted-accounts.ts';
import { makeDraft } from '../make-account.ts';

const pair = (number: number): string => `AccessKeyId: LTAI5tExample${number}\nAccessKeySecret: SECRET-${number}\n`;
const unknown = expect.objectContaining({ failure: { kind: 'input', field: 'paste', rule: 'unknown' } }) as Error;

test('pasted secrets stay here, under an ID', () => {
  const pasted = new PastedAccounts();
  const card = pasted.read(`${pair(1)}SecurityToken: TOKEN-1`);
  if (card.kind !== 'found') throw new Error(card.kind);
  expect(card.found).toMatchObject([{ accessKeyId: 'LTAI5tExample1', temporary: true }]);
  expect(JSON.stringify(card)).not.toMatch(/SECRET|TOKEN/);
  const { pasteId = '' } = card.found[0] ?? {};
  expect(pasted.get(pasteId)).toMatchObject({ accessKeySecret: 'SECRET-1', securityToken: 'TOKEN-1' });
});

test('a draft gets its secrets from what was pasted, or keeps its own', () => {
  const pasted = new PastedAccounts();
  const card = pasted.read(pair(2));
  if (card.kind !== 'found') throw new Error(card.kind);
  const draft = makeDraft({ name: 'Mine' });
  expect(pasted.fill(draft, undefined)).toBe(draft);
  expect(pasted.fill(draft, card.found[0]?.pasteId)).toEqual({
    ...draft,
    ...{ accessKeyId: 'LTAI5tExample2', accessKeySecret: 'SECRET-2', securityToken: null },
  });
  expect(card.found[0]?.temporary).toBe(false);
  expect(() => pasted.fill(draft, 'another')).toThrow(unknown);
});

test('what comes after 256 KiB is not read', () => {
  const far = `#${'#'.repeat(1023)}\n`.repeat(256) + pair(3);
  expect(new PastedAccounts().read(far).kind).toBe('nothing');
  expect(new PastedAccounts().read(far.slice(1000)).kind).toBe('found');
});

test('a text without credentials is no find', () => {
  expect(new PastedAccounts().read('nothing of the kind').kind).not.toBe('found');
});

test('fifty are remembered, the oldest are dropped first', () => {
  const pasted = new PastedAccounts();
  const idOf = (number: number): string => {
    const card = pasted.read(pair(number));
    return card.kind === 'found' ? (card.found[0]?.pasteId ?? '') : '';
  };
  const ids = Array.from({ length: 51 }, (_, number) => idOf(number));
  expect(() => pasted.get(ids[0] ?? '')).toThrow(unknown);
  expect(pasted.get(ids[1] ?? '').accessKeySecret).toBe('SECRET-1');
});
