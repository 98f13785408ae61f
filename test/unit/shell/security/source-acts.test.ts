import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Consent } from '../../../../main/shell/security/consent.ts';
import { confirmActs, newActsOf } from '../../../../main/shell/security/source-acts.ts';
import { t } from '../../../support/words.ts';
import { makeAccount, makeSourced, makeSourcedDraft } from '../../accounts/make-account.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'waybill-acts-'));
});

afterEach(() => rm(home, { recursive: true, force: true }));

const actsOf = (
  draft: Parameters<typeof newActsOf>[1],
  before: Parameters<typeof newActsOf>[0] = null,
  environment = {},
) => newActsOf(before, draft, { environment, home });

async function writeProfile(fields: object): Promise<void> {
  await mkdir(join(home, '.aliyun'), { recursive: true });
  const profiles = [{ name: 'tool', ...fields }];
  await writeFile(join(home, '.aliyun', 'config.json'), JSON.stringify({ current: 'tool', profiles }));
}

const run = ['/opt/get', 'credentials for', 'oss'];
const runs = [{ kind: 'program', program: '/opt/get', command: '/opt/get "credentials for" oss' }];
const toolProfile = { kind: 'profile', profile: { file: 'aliyun', name: 'tool' } } as const;

describe('a person is asked', () => {
  test('before a program is run, with all its arguments', async () => {
    expect(await actsOf(makeSourcedDraft({ kind: 'process', command: run }))).toEqual(runs);
  });

  test('before an address is asked, as it is sent', async () => {
    const draft = makeSourcedDraft({ kind: 'uri', uri: 'http://еvil.example/keys' });
    expect(await actsOf(draft)).toEqual([{ kind: 'address', address: 'http://xn--vil-qdd.example/keys' }]);
  });

  test('before a file is sent to STS as a token, or to another server', async () => {
    const role = {
      ...{ providerArn: 'acs:ram::1:oidc-provider/p', roleArn: 'acs:ram::1:role/r', tokenFile: '/home/li/.ssh/id_rsa' },
      ...{ sessionName: 'me', durationSeconds: 900, policy: null, stsEndpoint: null },
    };
    const { tokenFile: file } = role;
    expect(await actsOf(makeSourcedDraft({ kind: 'oidc', role }))).toEqual([
      { kind: 'token', file, server: 'sts.aliyuncs.com' },
    ]);
    const elsewhere = makeSourcedDraft({ kind: 'oidc', role }, { stsEndpoint: 'sts.evil.example' });
    expect(await actsOf(elsewhere)).toEqual([{ kind: 'token', file, server: 'sts.evil.example' }]);
    const own = makeSourcedDraft({ kind: 'oidc', role: { ...role, stsEndpoint: 'https://evil.example' } });
    expect(await actsOf(own)).toEqual([{ kind: 'token', file, server: 'https://evil.example' }]);
  });

  test('before a profile does the same', async () => {
    await writeProfile({ mode: 'External', process_command: '/opt/get "credentials for" oss' });
    expect(await actsOf(makeSourcedDraft(toolProfile))).toEqual(runs);
    await writeProfile({ mode: 'CredentialsURI', credentials_uri: 'http://127.0.0.1:9/keys' });
    expect(await actsOf(makeSourcedDraft(toolProfile))).toEqual([
      { kind: 'address', address: 'http://127.0.0.1:9/keys' },
    ]);
  });

  test('before the metadata service is asked at an address of the environment', async () => {
    const draft = makeSourcedDraft({ kind: 'ecs', roleName: null });
    expect(await actsOf(draft)).toEqual([]);
    const elsewhere = { ALIBABA_CLOUD_IMDS_ENDPOINT: 'http://127.0.0.1:9/' };
    expect(await actsOf(draft, null, elsewhere)).toEqual([{ kind: 'address', address: 'http://127.0.0.1:9/' }]);
  });

  test('once: not again while the source stays the same, but when any word of it changes', async () => {
    const before = makeSourced({ kind: 'process', command: run });
    expect(await actsOf(makeSourcedDraft(before.source, { name: 'Renamed' }), before)).toEqual([]);
    expect(await actsOf(makeSourcedDraft({ kind: 'process', command: [...run, '-v'] }), before)).toHaveLength(1);
    expect(await actsOf(makeSourcedDraft(before.source), makeAccount())).toEqual(runs);
  });
});

test('nobody is asked for a key in a profile, or for a key that is typed', async () => {
  await writeProfile({ mode: 'AK', access_key_id: 'LTAI', access_key_secret: 'secret' });
  expect(await actsOf(makeSourcedDraft(toolProfile))).toEqual([]);
  expect(
    await actsOf(makeSourcedDraft({ kind: 'env' }), null, { OSS_ACCESS_KEY_ID: 'a', OSS_ACCESS_KEY_SECRET: 'b' }),
  ).toEqual([]);
});

test('what a question can’t show whole is refused', async () => {
  const hidden = makeSourcedDraft({ kind: 'process', command: ['/opt/get', 'x'.repeat(1000), '; evil'] });
  await expect(actsOf(hidden)).rejects.toMatchObject({ failure: { kind: 'input', rule: 'source-too-long' } });
});

test('the question names program and arguments, and a refusal ends it', async () => {
  const questions: unknown[] = [];
  const consent = new Consent({
    text: t,
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(false);
    },
    isLocked: () => false,
  });
  const acts = await actsOf(makeSourcedDraft({ kind: 'process', command: run }));
  await expect(confirmActs(consent, t, acts)).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  expect(questions).toMatchObject([
    {
      message: t('consent.source.program', { program: '/opt/get' }),
      detail: t('consent.source.program.detail', { program: '/opt/get', command: '/opt/get "credentials for" oss' }),
    },
  ]);
});
