import { describe, expect, test } from 'vitest';
import type { Account, ArgsOf, OpenedGrant, PasteCard, PastedAccount } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { CredentialPaste } from '../../../../../renderer/screens/accounts/credential-paste.svelte.ts';
import { AccountForm } from '../../../../../renderer/screens/accounts/account-form.svelte.ts';
import { makeAccount } from '../../making.ts';
import { answering } from '../../answering.ts';

const pasted: PastedAccount = {
  pasteId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b11',
  temporary: true,
  source: 'sts-json',
  name: null,
  accessKeyId: 'STS.Example',
  validUntil: 1_795_549_800_000,
  endpoint: null,
  region: 'cn-beijing',
  startPath: { bucket: 'photos', prefix: 'album/' },
  role: null,
};
const foundIn = (found: readonly PastedAccount[]): PasteCard => ({ kind: 'found', found, preferred: 0, problems: [] });
const saved = makeAccount({ name: 'Studio', accessKeyId: 'STS.Older', temporary: true, tokenValidUntil: 1 });

function makeForm(answers: Parameters<typeof answering>[0], account: Account | null = null): AccountForm {
  return new AccountForm({ account, colour: 'blue', keychain: 'available', regions: [] }, answering(answers));
}

async function pasteInto(form: AccountForm, text = 'a text'): Promise<AccountForm> {
  form.paste.open = true;
  form.paste.typed(text);
  await form.paste.read();
  return form;
}

describe('a file with credentials', () => {
  const chosen = '/home/one/AccessKey.csv';

  test('is named to main, which reads it, whether it was chosen or dropped', async () => {
    const asked: ArgsOf<'accounts.readPasted'>[] = [];
    const form = makeForm({
      'dialogs.pickFiles': ({ what }) => (what === 'credentials' ? [chosen] : []),
      'accounts.readPasted': (sent) => {
        asked.push(sent);
        return foundIn([pasted]);
      },
    });
    await form.paste.pickFile();
    expect([form.accessKeyId, form.paste.open, form.paste.empty]).toEqual(['STS.Example', false, true]);
    await form.paste.readSent({ path: '/dropped' });
    expect(asked).toEqual([{ path: chosen }, { path: '/dropped' }]);
  });

  test('changes nothing if the dialog is cancelled', async () => {
    const form = makeForm({ 'dialogs.pickFiles': () => [] });
    await form.paste.pickFile();
    expect([form.paste.open, form.paste.path]).toEqual([false, null]);
  });

  test('that is a grant code waits for its passphrase, and gives way to a text that is typed', async () => {
    const asked: unknown[] = [];
    const { paste } = makeForm({
      'accounts.readPasted': () => ({ kind: 'grant-code' }),
      'grants.open': (args) => {
        asked.push(args);
        throw new CallFailed({ kind: 'input', field: 'passphrase', rule: 'wrong-passphrase' });
      },
    });
    await paste.readSent({ path: chosen });
    expect([paste.open, paste.needsPassphrase]).toEqual([true, true]);
    paste.passphrase = 'open sesame';
    await paste.read();
    expect(asked).toEqual([{ path: chosen, passphrase: 'open sesame' }]);
    paste.typed('another text');
    expect([paste.path, paste.needsPassphrase]).toEqual([null, false]);
  });
});

describe('pasted credentials', () => {
  test('fill the form, but for the secrets, which the renderer never gets', async () => {
    const form = await pasteInto(makeForm({ 'accounts.readPasted': () => foundIn([pasted]) }));
    expect([form.accessKeyId, form.accessKeySecret, form.securityToken]).toEqual(['STS.Example', '', '']);
    expect([form.server, form.region, form.startPath]).toEqual(['region', 'cn-beijing', 'oss://photos/album/']);
    expect(new Date(form.tokenEnd).getTime()).toBe(pasted.validUntil);
    expect([form.pasted, form.problems, form.paste.open, form.paste.text]).toEqual([pasted, {}, false, '']);
  });

  test('leave the page as soon as they are chosen, whichever of several it is', async () => {
    const taken: PastedAccount[] = [];
    const other = { ...pasted, accessKeyId: 'STS.Other' };
    const found = foundIn([pasted, other]);
    const paste = new CredentialPaste(answering({ 'accounts.readPasted': () => found }), (one) => {
      if (one !== null) taken.push(one);
    });
    paste.typed('AccessKeySecret=a-secret');
    await paste.read();
    expect([paste.text, paste.passphrase]).toEqual(['', '']);
    paste.open = true;
    paste.text = 'AccessKeySecret=another-secret';
    paste.passphrase = 'open sesame';
    paste.choose(other);
    expect([paste.text, paste.passphrase]).toEqual(['', '']);
    expect(taken).toEqual([pasted, other]);
  });

  test('an endpoint of its own is taken as it is written', async () => {
    const found = [{ ...pasted, endpoint: 'http://oss.example:9000' }];
    const form = await pasteInto(makeForm({ 'accounts.readPasted': () => foundIn(found) }));
    expect([form.server, form.endpoint]).toEqual(['endpoint', 'http://oss.example:9000']);
  });

  test("the region's own endpoint stays the region, with or without https", async () => {
    const found = [{ ...pasted, endpoint: 'oss-cn-beijing.aliyuncs.com' }];
    const form = await pasteInto(makeForm({ 'accounts.readPasted': () => foundIn(found) }));
    expect([form.server, form.region]).toEqual(['region', 'cn-beijing']);
  });

  test('are named to main by their ID when the account is saved', async () => {
    const ids: (string | undefined)[] = [];
    const form = makeForm({
      'accounts.readPasted': () => foundIn([pasted]),
      'accounts.add': ({ draft, pasteId }) => {
        ids.push(pasteId);
        expect(draft).toMatchObject({ accessKeySecret: '' });
        return saved;
      },
    });
    await pasteInto(form);
    expect(await form.submit()).toEqual(saved);
    expect(ids).toEqual([pasted.pasteId]);
  });

  test('of an account that is there take the place of its old ones', async () => {
    let args: ArgsOf<'accounts.update'> | null = null;
    const form = makeForm(
      {
        'accounts.readPasted': () => foundIn([pasted]),
        'accounts.update': (update) => {
          args = update;
          return saved;
        },
      },
      saved,
    );
    await pasteInto(form);
    await form.submit();
    expect(args).toMatchObject({ id: saved.id, pasteId: pasted.pasteId, draft: { name: 'Studio' } });
  });

  test('give way to a secret or another AccessKey ID that is typed afterwards', async () => {
    const form = await pasteInto(makeForm({ 'accounts.readPasted': () => foundIn([pasted]) }));
    form.accessKeyId = 'LTAI5tOther';
    expect([form.pasted, form.problems.accessKeySecret]).toEqual([null, 'required']);
    form.accessKeyId = pasted.accessKeyId;
    form.accessKeySecret = 'typed';
    expect([form.pasted, form.problems.accessKeySecret]).toEqual([null, undefined]);
  });

  test('of a text with several can be told apart', async () => {
    const other = { ...pasted, pasteId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b12', name: 'ci', accessKeyId: 'LTAI5tCi' };
    const form = await pasteInto(makeForm({ 'accounts.readPasted': () => foundIn([pasted, other]) }));
    form.paste.choose(other);
    expect([form.pasted, form.accessKeyId, form.name]).toEqual([other, 'LTAI5tCi', 'ci']);
  });

  test('that are not there, or only by half, leave the form alone and say so', async () => {
    const nothing = await pasteInto(makeForm({ 'accounts.readPasted': () => ({ kind: 'nothing' }) }));
    expect([nothing.paste.problem, nothing.paste.open, nothing.accessKeyId]).toEqual(['nothing', true, '']);
    const half = await pasteInto(
      makeForm({ 'accounts.readPasted': () => ({ kind: 'unusable', problems: ['missing-secret'], variables: [] }) }),
    );
    expect(half.paste.problem).toBe('missing-secret');
  });
});

describe('another text', () => {
  const role = { roleArn: 'acs:ram::1:role/reader', sessionName: 'me', durationSeconds: 900, externalId: 'ext-9' };
  const first = { ...pasted, name: 'first', endpoint: 'http://oss.example:9000', role };
  const bare = { ...pasted, accessKeyId: 'LTAI5tBare', validUntil: null, region: null, startPath: null };

  async function pasteTwice(second: PasteCard, account: Account | null = null) {
    const cards = [foundIn([first]), second];
    const form = makeForm({ 'accounts.readPasted': () => cards.shift() ?? second }, account);
    await pasteInto(form);
    form.region = 'cn-qingdao';
    await pasteInto(form);
    return form;
  }

  const filled = ({ name, accessKeyId, tokenEnd, server, endpoint, startPath, role }: AccountForm) => ({
    ...{ name, accessKeyId, tokenEnd, server, endpoint, startPath, role: role.arn, sessionName: role.sessionName },
  });
  const empty = { ...{ name: '', accessKeyId: '', tokenEnd: '', server: 'region', endpoint: '' }, startPath: '' };

  test('leaves nothing of the first in the form, but what was edited', async () => {
    const form = await pasteTwice(foundIn([bare]));
    expect(filled(form)).toEqual({ ...empty, accessKeyId: 'LTAI5tBare', role: '', sessionName: 'waybill' });
    expect(form.region).toBe('cn-qingdao');
  });

  test('without credentials leaves the form as it was before the first', async () => {
    const form = await pasteTwice({ kind: 'unusable', problems: ['illegal-character'], variables: [] });
    expect(filled(form)).toEqual({ ...empty, role: '', sessionName: 'waybill' });
    expect([form.paste.problem, form.pasted]).toEqual(['illegal-character', null]);
    const edited = await pasteTwice({ kind: 'nothing' }, saved);
    expect([edited.name, edited.accessKeyId]).toEqual(['Studio', 'STS.Older']);
  });

  test('whose current profile is of no use lets another be chosen', async () => {
    const form = await pasteTwice({ ...foundIn([bare]), preferred: null, problems: ['unsupported-mode'] } as PasteCard);
    expect([form.paste.problem, form.paste.open, form.accessKeyId]).toEqual(['unsupported-mode', true, '']);
    form.paste.choose(bare);
    expect([form.paste.problem, form.accessKeyId]).toEqual([null, 'LTAI5tBare']);
  });
});

describe('a pasted access code', () => {
  const opened: OpenedGrant = {
    ...pasted,
    source: 'grant',
    bucket: 'photos',
    keys: [],
    prefixes: ['album/'],
    allow: ['read'],
  };

  test('is opened with its passphrase and becomes an account as it is', async () => {
    const calls: unknown[] = [];
    const form = makeForm({
      'accounts.readPasted': () => ({ kind: 'grant-code' }),
      'grants.open': (args) => {
        calls.push(args);
        return opened;
      },
      'grants.accept': (args) => {
        calls.push(args);
        return saved;
      },
    });
    await pasteInto(form, 'a code');
    expect(form.paste.needsPassphrase).toBe(true);
    form.paste.passphrase = 'eight888';
    await form.paste.read();
    expect([form.paste.passphrase, form.accessKeyId]).toEqual(['', 'STS.Example']);
    await form.submit();
    expect(calls).toEqual([
      { text: 'a code', passphrase: 'eight888' },
      { pasteId: opened.pasteId, name: 'STS.Example', colour: 'blue', remember: true },
    ]);
  });

  test('stays to be tried again after a wrong passphrase', async () => {
    const failure = { kind: 'input', field: 'passphrase', rule: 'wrong-passphrase' } as const;
    const form = makeForm({
      'accounts.readPasted': () => ({ kind: 'grant-code' }),
      'grants.open': () => {
        throw new CallFailed(failure);
      },
    });
    await pasteInto(form, 'a code');
    await form.paste.read();
    expect([form.paste.reading.failure, form.paste.needsPassphrase, form.paste.text]).toEqual([
      failure,
      true,
      'a code',
    ]);
  });
});
