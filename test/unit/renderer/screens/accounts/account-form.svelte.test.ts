import { describe, expect, test } from 'vitest';
import type {
  Account,
  AccountDraft,
  KeychainStatus,
  KeyDraft,
  Results,
} from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { AccountForm } from '../../../../../renderer/screens/accounts/account-form.svelte.ts';
import type { AccountField, Problem } from '../../../../../renderer/screens/accounts/account-problems.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeSourced, settle } from '../../making.ts';
import { regions } from '../../../../../main/oss/regions.ts';

interface Saved {
  readonly how: 'add' | 'update';
  readonly draft: AccountDraft;
}

function keyDraft(saved: Saved | undefined): KeyDraft {
  if (saved?.draft.kind !== 'key') throw new Error('not saved with a key');
  return saved.draft;
}

function makeForm(account: Account | null = null, check: () => null = () => null, keychain = atStart('available')) {
  const saved: Saved[] = [];
  const call = answering({
    'accounts.keychain': () => keychain.now ?? keychain.start,
    'grants.checkPolicy': checkPolicy,
    'accounts.add': ({ draft }) => {
      check();
      saved.push({ how: 'add', draft });
      return makeAccount({ name: draft.name });
    },
    'accounts.update': ({ draft }) => {
      check();
      saved.push({ how: 'update', draft });
      return makeAccount({ name: draft.name });
    },
  });
  return { form: new AccountForm({ account, colour: 'pink', keychain: keychain.start, regions }, call), saved };
}

/** The keychain's state when the window opened, and when the form opens if that differs. */
function atStart(start: KeychainStatus, now: KeychainStatus | null = null) {
  return { start, now };
}

function checkPolicy({ text }: { readonly text: string }): Results['grants.checkPolicy'] {
  return { fault: text.startsWith('{') ? null : { rule: 'policy-shape', at: '' }, characters: text.length };
}

type Source = Extract<AccountDraft, { readonly kind: 'sourced' }>['source'];
type Change = (form: AccountForm) => void;

/** How each field gets a value that can't be right. */
const mistakes: readonly (readonly [AccountField, Problem, Change])[] = [
  ['startPath', 'start-path', (form) => void (form.startPath = 'not an address')],
  ['roleArn', 'role-arn', ({ role }) => void (role.arn = 'share')],
  ['externalId', 'external-id', withRole(({ role }) => void (role.externalId = '#'))],
  ['sourceIdentity', 'source-identity', withRole(({ role }) => void (role.sourceIdentity = 'a b'))],
  ['sessionPolicy', 'session-policy', withRole(({ role }) => void (role.sessionPolicy = 'all'))],
  ['name', 'required', ({ source }) => void (source.kind = 'ecs')],
  ['ecsRole', 'role-name', withSource('ecs', ({ source }) => void (source.ecsRole = 'acs:ram::1:role/r'))],
  ['profile', 'required', withSource('profile', () => undefined)],
  ['uri', 'uri', withSource('uri', ({ source }) => void (source.uri = 'localhost:9'))],
  ['program', 'required', withSource('process', () => undefined)],
  [
    'tokenFile',
    'required',
    withSource('oidc', ({ source }) => void (source.providerArn = 'acs:ram::1:oidc-provider/p')),
  ],
  ['oidcRoleArn', 'role-arn', withSource('oidc', ({ source }) => void (source.tokenFile = '/token'))],
];

function withSource(kind: AccountForm['source']['kind'], change: Change): Change {
  return (form) => {
    form.name = 'Sourced';
    form.source.kind = kind;
    change(form);
  };
}

function withRole(change: (form: AccountForm) => void): (form: AccountForm) => void {
  return (form: AccountForm) => {
    form.role.arn = 'acs:ram::1:role/r';
    change(form);
  };
}

function fill(form: AccountForm): void {
  form.accessKeyId = ' LTAI5tExample ';
  form.accessKeySecret = ' a-secret ';
}

describe('a new account', () => {
  test('in a finance cloud is at the host that the region has', async () => {
    const { form, saved } = makeForm();
    fill(form);
    form.region = 'cn-hangzhou-finance';
    await form.submit();
    expect(saved[0]?.draft).toMatchObject({
      endpoint: 'https://oss-cn-hzfinance.aliyuncs.com',
      region: 'cn-hangzhou-finance',
    });
  });

  test('needs an AccessKey pair, and says so only once it is submitted', async () => {
    const { form, saved } = makeForm();
    expect(form.problemOf('accessKeyId')).toBeNull();
    expect(await form.submit()).toBeNull();
    expect(form.problemOf('accessKeyId')).toBe('required');
    expect(form.problemOf('accessKeySecret')).toBe('required');
    expect(saved).toEqual([]);
  });

  test('in a region goes to the endpoint of that region', async () => {
    const { form, saved } = makeForm();
    fill(form);
    form.region = 'cn-shanghai';
    await form.submit();
    expect(saved[0]).toMatchObject({
      how: 'add',
      draft: {
        name: 'LTAI5tExample',
        colour: 'pink',
        accessKeyId: 'LTAI5tExample',
        accessKeySecret: 'a-secret',
        securityToken: null,
        endpoint: 'https://oss-cn-shanghai.aliyuncs.com',
        region: 'cn-shanghai',
        role: null,
        startPath: null,
        remember: true,
      },
    });
  });

  test('keeps no secret once it is saved', async () => {
    const { form } = makeForm();
    fill(form);
    form.securityToken = 'a-token';
    await form.submit();
    expect(form.accessKeySecret).toBe('');
    expect(form.securityToken).toBe('');
  });

  test('that OSS refuses is not saved, and can be corrected without typing all of it again', async () => {
    const { form, saved } = makeForm(null, () => {
      throw new CallFailed({ kind: 'credentials', cause: 'wrong-key' });
    });
    fill(form);
    expect(await form.submit()).toBeNull();
    expect(form.saving.failure).toEqual({ kind: 'credentials', cause: 'wrong-key' });
    expect(form.problemOf('accessKeyId')).toBe('refused');
    expect(form.problemOf('accessKeySecret')).toBeNull();
    expect(saved).toEqual([]);
    expect(form.saving.busy).toBe(false);
  });

  test('leaves the region of an endpoint to main, unless one is chosen', async () => {
    const { form, saved } = makeForm();
    fill(form);
    form.server = 'endpoint';
    form.endpoint = 'http://oss-cn-beijing-internal.aliyuncs.com';
    expect(form.insecure).toBe(true);
    await form.submit();
    fill(form);
    form.endpointRegion = 'cn-beijing';
    await form.submit();
    expect(saved.map(({ draft }) => draft)).toMatchObject([
      { region: '', endpoint: form.endpoint },
      { region: 'cn-beijing', endpoint: form.endpoint },
    ]);
  });

  test.each([
    ['https://oss-cn-beijing-internal.aliyuncs.com', 'cn-beijing', false, ''],
    ['https://oss-accelerate.aliyuncs.com', 'cn-beijing', false, 'cn-beijing'],
    ['https://files.example.com', 'cn-beijing', true, 'cn-beijing'],
  ])('at %s keeps the region %s where only a choice tells it', async (endpoint, region, cname, sent) => {
    const { form, saved } = makeForm(makeAccount({ endpoint, region, cname }));
    await form.submit();
    expect(saved[0]?.draft).toMatchObject({ endpoint, region: sent });
  });

  test('is a custom domain only at an endpoint of its own', async () => {
    const { form, saved } = makeForm();
    fill(form);
    form.cname = true;
    await form.submit();
    expect(saved[0]?.draft.cname).toBe(false);
  });

  test.each(mistakes)('with a wrong %s is not sent', async (field, problem, change) => {
    const { form, saved } = makeForm();
    fill(form);
    change(form);
    await form.submit();
    expect(form.problemOf(field)).toBe(problem);
    expect(saved).toEqual([]);
  });

  test('sends its start path, its role and the end of its token', async () => {
    const { form, saved } = makeForm();
    fill(form);
    form.securityToken = 'a-token';
    form.tokenEnd = '2026-11-24T19:30';
    form.startPath = 'oss://photos/inbox/';
    form.role.arn = 'acs:ram::123456789012:role/share';
    form.role.minutes = '15';
    await form.submit();
    expect(saved[0]?.draft).toMatchObject({
      securityToken: 'a-token',
      tokenValidUntil: new Date(2026, 10, 24, 19, 30).getTime(),
      startPath: { bucket: 'photos', prefix: 'inbox/' },
      role: { roleArn: 'acs:ram::123456789012:role/share', sessionName: 'waybill', durationSeconds: 900 },
    });
  });
});

describe('a known account', () => {
  test('keeps its secret when none is typed', async () => {
    const { form, saved } = makeForm(makeAccount({ name: 'Studio' }));
    form.name = 'Studio 2';
    await form.submit();
    expect(saved[0]).toMatchObject({ how: 'update', draft: { name: 'Studio 2', accessKeySecret: '' } });
  });

  test('with another AccessKey ID needs the secret of that', async () => {
    const { form } = makeForm(makeAccount());
    form.accessKeyId = 'LTAI5tAnother';
    await form.submit();
    expect(form.problemOf('accessKeySecret')).toBe('required');
  });

  test('keeps the end of its token to the second, though it is shown to the minute', async () => {
    const tokenValidUntil = new Date(2026, 10, 24, 19, 30, 59).getTime();
    const { form, saved } = makeForm(makeAccount({ tokenValidUntil }));
    expect(form.tokenEnd).toBe('2026-11-24T19:30');
    await form.submit();
    expect(keyDraft(saved[0]).tokenValidUntil).toBe(tokenValidUntil);
    form.tokenEnd = '2026-11-24T19:40';
    await form.submit();
    expect(keyDraft(saved[1]).tokenValidUntil).toBe(new Date(2026, 10, 24, 19, 40).getTime());
  });

  test('keeps what its role needs: external ID and session policy', async () => {
    const role = {
      ...{ roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 1800 },
      ...{ externalId: 'ext', sessionPolicy: '{"Version":"1","Statement":[]}' },
    };
    const { form, saved } = makeForm(makeAccount({ role }));
    form.name = 'Studio 2';
    form.role.minutes = '60';
    await form.submit();
    expect(saved[0]?.draft.role).toEqual({ ...role, durationSeconds: 3600 });
  });

  test('keeps the length of its sessions to the second, though it is shown in minutes', async () => {
    const role = { roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 1000 };
    const { form, saved } = makeForm(makeAccount({ role }));
    expect(form.role.minutes).toBe('17');
    await form.submit();
    expect(saved[0]?.draft.role).toEqual(role);
  });

  test.each(['abc', '', '5', '721', '20.5', '-60'])(
    'with sessions of “%s” minutes is not saved, and says so',
    async (typed) => {
      const role = { roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 1800 };
      const { form, saved } = makeForm(makeAccount({ role }));
      form.role.minutes = typed;
      await form.submit();
      expect(saved).toEqual([]);
      expect(form.problemOf('roleMinutes')).toBe('range');
      form.role.arn = '';
      await form.submit();
      expect(saved[0]?.draft.role).toBeNull();
    },
  );

  test('is shown as it was entered', () => {
    const account = makeAccount({
      endpoint: 'http://127.0.0.1:4000',
      startPath: { bucket: 'photos', prefix: 'inbox/' },
      role: { roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 1800 },
      tokenValidUntil: new Date(2026, 10, 24, 19, 30).getTime(),
    });
    const { form } = makeForm(account);
    expect(form.server).toBe('endpoint');
    expect(form.startPath).toBe('oss://photos/inbox/');
    expect(form.role.minutes).toBe('30');
    expect(form.tokenEnd).toBe('2026-11-24T19:30');
  });
});

describe('whether an account is kept', () => {
  test('depends on the keychain as it is now, not as it was when the window opened', async () => {
    const { form, saved } = makeForm(null, () => null, atStart('locked', 'available'));
    fill(form);
    expect(form.remember).toBe(false);
    await settle();
    expect([form.keychain, form.remember]).toEqual(['available', true]);
    await form.submit();
    expect(saved[0]?.draft.remember).toBe(true);
  });

  test('is the person’s choice once it was made', async () => {
    const { form } = makeForm(null, () => null, atStart('available'));
    form.remember = false;
    await settle();
    expect(form.remember).toBe(false);
  });

  test.each(['absent', 'locked'] as const)('a saved one stays saved while the keychain is %s', async (status) => {
    const { form, saved } = makeForm(makeAccount({ origin: 'saved' }), () => null, atStart('available', status));
    await settle();
    form.name = 'Studio 2';
    await form.submit();
    expect(saved[0]?.draft.remember).toBe(true);
  });

  test('one for this run is not kept unless the person says so', async () => {
    const { form } = makeForm(makeAccount({ origin: 'this-run' }));
    await settle();
    expect(form.remember).toBe(false);
    form.remember = true;
    expect(form.remember).toBe(true);
  });
});

describe('credentials from elsewhere', () => {
  const save = async (change: Change, account: Account | null = null) => {
    const { form, saved } = makeForm(account, undefined, atStart('absent'));
    form.name = 'Sourced';
    change(form);
    await form.submit();
    return saved[0]?.draft;
  };

  test.each<[string, Change, Source]>([
    ['the environment', ({ source }) => void (source.kind = 'env'), { kind: 'env' }],
    ['an instance with any role', ({ source }) => void (source.kind = 'ecs'), { kind: 'ecs', roleName: null }],
    [
      'an instance with a named role',
      ({ source }) => void Object.assign(source, { kind: 'ecs', ecsRole: ' uploader ' }),
      { kind: 'ecs', roleName: 'uploader' },
    ],
    ['the variables of a pod', ({ source }) => void (source.kind = 'oidc'), { kind: 'oidc', role: null }],
    ['the address of a variable', ({ source }) => void (source.kind = 'uri'), { kind: 'uri', uri: null }],
    [
      'a program with arguments',
      ({ source }) =>
        void Object.assign(source, { kind: 'process', program: '/opt/get', programArguments: 'a b\n\n"c"' }),
      { kind: 'process', command: ['/opt/get', 'a b', '"c"'] },
    ],
    ['the current sign-in', ({ source }) => void (source.kind = 'cloudsso'), { kind: 'cloudsso', profile: null }],
  ])('are those of %s', async (_, change, source) => {
    expect(await save(change)).toMatchObject({ kind: 'sourced', name: 'Sourced', source, remember: true });
    const account = makeSourced(source);
    expect(await save(() => undefined, account)).toMatchObject({ kind: 'sourced', source });
  });

  test('of a profile bring its name and its region', async () => {
    const draft = await save((form) => {
      form.name = '';
      form.takeProfile({
        ...{ profile: { file: 'aliyun', name: 'prod' }, mode: 'AK', isCurrent: true, accessKeyId: 'LTAI' },
        ...{ endpoint: null, region: 'cn-beijing', problem: null },
      });
    });
    expect(draft).toMatchObject({
      ...{ kind: 'sourced', name: 'prod', region: 'cn-beijing', endpoint: 'https://oss-cn-beijing.aliyuncs.com' },
      source: { kind: 'profile', profile: { file: 'aliyun', name: 'prod' } },
    });
  });

  test('replace a typed key, which isn’t sent', async () => {
    const draft = await save((form) => {
      fill(form);
      form.source.kind = 'env';
    }, makeAccount());
    expect(draft).toMatchObject({ kind: 'sourced' });
    expect(JSON.stringify(draft)).not.toMatch(/a-secret|LTAI/);
  });

  test('give way to a key, which then needs its secret', () => {
    const { form } = makeForm(makeSourced({ kind: 'env' }));
    expect(form.source.kind).toBe('env');
    form.source.kind = 'key';
    expect(form.problems).toMatchObject({ accessKeyId: 'required', accessKeySecret: 'required' });
  });
});
