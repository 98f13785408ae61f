import { describe, expect, test } from 'vitest';
import type { Account, AccountDraft, KeychainStatus } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { AccountForm } from '../../../../../renderer/screens/accounts/account-form.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, settle } from '../../making.ts';
import { regions } from '../../../../../main/oss/regions.ts';

function makeForm(account: Account | null = null, check: () => null = () => null, keychain = atStart('available')) {
  const saved: { readonly how: 'add' | 'update'; readonly draft: AccountDraft }[] = [];
  const call = answering({
    'accounts.keychain': () => keychain.now ?? keychain.start,
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

  test.each([
    ['startPath', 'not an address', 'start-path'],
    ['roleArn', 'share', 'role-arn'],
  ] as const)('with %s “%s” is not sent', async (field, text, problem) => {
    const { form, saved } = makeForm();
    fill(form);
    form[field] = text;
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
    form.roleArn = 'acs:ram::123456789012:role/share';
    form.roleMinutes = '15';
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
    expect(saved[0]?.draft.tokenValidUntil).toBe(tokenValidUntil);
    form.tokenEnd = '2026-11-24T19:40';
    await form.submit();
    expect(saved[1]?.draft.tokenValidUntil).toBe(new Date(2026, 10, 24, 19, 40).getTime());
  });

  test('keeps what its role needs and no field shows: external ID and session policy', async () => {
    const role = {
      ...{ roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 1800 },
      ...{ externalId: 'ext', sessionPolicy: '{"Version":"1","Statement":[]}' },
    };
    const { form, saved } = makeForm(makeAccount({ role }));
    form.name = 'Studio 2';
    form.roleMinutes = '60';
    await form.submit();
    expect(saved[0]?.draft.role).toEqual({ ...role, durationSeconds: 3600 });
  });

  test('keeps the length of its sessions to the second, though it is shown in minutes', async () => {
    const role = { roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 1000 };
    const { form, saved } = makeForm(makeAccount({ role }));
    expect(form.roleMinutes).toBe('17');
    await form.submit();
    expect(saved[0]?.draft.role).toEqual(role);
  });

  test.each(['abc', '', '5', '721', '20.5', '-60'])(
    'with sessions of “%s” minutes is not saved, and says so',
    async (typed) => {
      const role = { roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 1800 };
      const { form, saved } = makeForm(makeAccount({ role }));
      form.roleMinutes = typed;
      await form.submit();
      expect(saved).toEqual([]);
      expect(form.problemOf('roleMinutes')).toBe('range');
      form.roleArn = '';
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
    expect(form.roleMinutes).toBe('30');
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
