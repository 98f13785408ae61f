import { beforeEach, describe, expect, test } from 'vitest';
import type { ArgsOf, PasteCard, PastedAccount } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { CredentialRenewal } from '../../../../../renderer/screens/accounts/credential-renewal.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount } from '../../making.ts';

const account = makeAccount({ temporary: true });
const pasted: PastedAccount = {
  ...{ pasteId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b11', temporary: true, source: 'sts-json', name: null },
  ...{
    accessKeyId: 'STS.New',
    validUntil: 1_795_549_800_000,
    endpoint: null,
    region: null,
    startPath: null,
    role: null,
  },
};
const refusal = { kind: 'input', field: 'paste', rule: 'other-account' } as const;
let replaced: ArgsOf<'accounts.replaceCredentials'>[] = [];
let isRefused = false;
let card: PasteCard = { kind: 'found', found: [pasted], preferred: 0, problems: [] };

beforeEach(() => {
  replaced = [];
  isRefused = false;
  card = { kind: 'found', found: [pasted], preferred: 0, problems: [] };
});

function openRenewal(): CredentialRenewal {
  const main = answering({
    'accounts.readPasted': () => card,
    'accounts.replaceCredentials': (args) => {
      replaced.push(args);
      if (isRefused) throw new CallFailed(refusal);
      return account;
    },
  });
  return new CredentialRenewal(account.id, main);
}

describe('new credentials for an account', () => {
  test('are read first and replace the old ones only after a second step', async () => {
    const renewal = openRenewal();
    expect([renewal.paste.open, renewal.ready]).toEqual([true, null]);
    renewal.paste.typed('AccessKeySecret=a-secret');
    expect(await renewal.submit()).toBeNull();
    expect([renewal.ready, replaced]).toEqual([pasted, []]);
    expect(await renewal.submit()).toEqual(account);
    expect(replaced).toEqual([{ id: account.id, pasteId: pasted.pasteId }]);
  });

  test('leave the page once they are read: main has them', async () => {
    const renewal = openRenewal();
    renewal.paste.typed('AccessKeySecret=a-secret');
    await renewal.submit();
    expect(renewal.paste.text).toBe('');
  });

  test('that main refuses are not saved, and others can be pasted', async () => {
    isRefused = true;
    const renewal = openRenewal();
    renewal.paste.typed('AccessKeySecret=a-secret');
    await renewal.submit();
    expect(await renewal.submit()).toBeNull();
    expect(renewal.replacing.failure).toEqual(refusal);
    renewal.pasteAgain();
    expect([renewal.replacing.failure, renewal.paste.open, renewal.ready]).toEqual([null, true, null]);
    const other = { ...pasted, pasteId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b12' };
    card = { kind: 'found', found: [other], preferred: 0, problems: [] };
    isRefused = false;
    renewal.paste.typed('AccessKeySecret=another-secret');
    await renewal.submit();
    expect(await renewal.submit()).toEqual(account);
    expect(replaced.at(-1)).toEqual({ id: account.id, pasteId: other.pasteId });
  });

  test('are not those of the text before while another one is pasted', async () => {
    const renewal = openRenewal();
    renewal.paste.typed('AccessKeySecret=a-secret');
    await renewal.submit();
    renewal.pasteAgain();
    card = { kind: 'nothing' };
    renewal.paste.typed('no credentials');
    await renewal.submit();
    expect([renewal.paste.problem, renewal.ready]).toEqual(['nothing', null]);
    expect(await renewal.submit()).toBeNull();
    expect(replaced).toEqual([]);
  });
});
