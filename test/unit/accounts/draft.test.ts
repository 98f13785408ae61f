import { describe, expect, test } from 'vitest';
import { accountDraftSchema } from '../../../main/accounts/account.ts';
import { accountOf, draftOf, secretOf } from '../../../main/accounts/draft.ts';
import { makeAccount, makeDraft } from './make-account.ts';

const stored = { accessKeySecret: 'stored-secret', securityToken: 'stored-token' };
const load = () => Promise.resolve(stored);
const saved = { origin: 'saved', temporary: false } as const;

describe('an account made of a draft', () => {
  test('holds no secret', () => {
    const account = accountOf('id', makeDraft({ securityToken: 'the-token' }), saved);
    expect(JSON.stringify(account)).not.toMatch(/the-secret|the-token/);
  });

  test('is refused where its region isn’t the one that its endpoint is known to be in', () => {
    const endpoint = 'https://oss-cn-beijing-internal.aliyuncs.com';
    const contradicts = {
      failure: { kind: 'input', field: 'region', rule: 'region-contradicts', limit: 'cn-beijing' },
    };
    const failing = () => accountOf('id', makeDraft({ endpoint, region: 'cn-hangzhou' }), saved);
    expect(failing).toThrow(expect.objectContaining(contradicts));
  });

  test('that was saved with a region that contradicts its endpoint is made anew with the endpoint’s', () => {
    const endpoint = 'https://oss-cn-beijing-internal.aliyuncs.com';
    const draft = draftOf(makeAccount({ endpoint, region: 'cn-hangzhou' }));
    expect(accountOf('id', draft, saved).region).toBe('cn-beijing');
  });

  test('that signs with V1, which holds no region, keeps whichever it has', () => {
    const place = { endpoint: 'https://oss-cn-beijing-internal.aliyuncs.com', region: 'cn-hangzhou' };
    expect(accountOf('id', makeDraft({ ...place, signVersion: 'v1' }), saved).region).toBe('cn-hangzhou');
  });

  test('has the region that was chosen where its endpoint’s name is only a guess', () => {
    const draft = makeDraft({ endpoint: 'https://oss-cn-nowhere.aliyuncs.com', region: 'cn-hangzhou' });
    expect(accountOf('id', draft, saved).region).toBe('cn-hangzhou');
  });

  test.each([
    ['oss-cn-hzjbp-a-internal.aliyuncs.com', 'cn-hangzhou-finance'],
    ['vpc100-oss-cn-beijing.aliyuncs.com', 'cn-beijing'],
    ['oss.aliyuncs.com', 'cn-hangzhou'],
    ['cn-shanghai', 'cn-shanghai'],
    ['oss-cn-beijing.oss-accesspoint.aliyuncs.com', 'cn-beijing'],
    ['http://127.0.0.1:9000', 'cn-hangzhou'],
  ])('at %s without a chosen region signs for %s', (endpoint, region) => {
    expect(accountOf('id', makeDraft({ endpoint, region: '' }), saved).region).toBe(region);
  });

  test.each(['oss-accelerate.aliyuncs.com', 'oss.intern.example.com'])('at %s needs a region', (endpoint) => {
    expect(() => accountOf('id', makeDraft({ endpoint, region: '' }), saved)).toThrow('region-missing');
  });

  test.each([
    ['oss-cn-hzfinance.aliyuncs.com', 'cn-hzfinance', 'cn-hangzhou-finance'],
    ['oss-cn-hangzhou.aliyuncs.com', 'China (Hangzhou)', 'cn-hangzhou'],
    ['http://127.0.0.1:9000', 'local', 'local'],
  ])('at %s with the region “%s” signs for %s', (endpoint, region, expected) => {
    expect(accountOf('id', makeDraft({ endpoint, region }), saved).region).toBe(expected);
  });

  test.each(['cn-hangzhou;', 'hangzhou', '区域'])('has no region “%s”', (region) => {
    const draft = makeDraft({ endpoint: 'oss-cn-hangzhou.aliyuncs.com', region });
    expect(() => accountOf('id', draft, saved)).toThrow('region-format');
  });

  test('keeps the chosen region where the endpoint names none', () => {
    const draft = makeDraft({ endpoint: 'files.example.com', region: 'cn-shanghai', cname: true });
    expect(accountOf('id', draft, saved).region).toBe('cn-shanghai');
  });

  test('a token’s end means nothing without a token', () => {
    expect(accountOf('id', makeDraft({ tokenValidUntil: 5 }), saved)).toMatchObject({ tokenValidUntil: null });
  });
});

describe('the secret of a draft', () => {
  test('is what was typed', async () => {
    expect(await secretOf(makeDraft({ securityToken: 't' }), null, load)).toEqual({
      accessKeySecret: 'the-secret',
      securityToken: 't',
    });
  });

  test('typed anew replaces a stored token too', async () => {
    expect(await secretOf(makeDraft(), makeAccount(), load)).toEqual({
      accessKeySecret: 'the-secret',
      securityToken: null,
    });
  });

  test('left empty stands for the stored one, token and all', async () => {
    expect(await secretOf(makeDraft({ accessKeySecret: '' }), makeAccount(), load)).toEqual(stored);
    expect(await secretOf(makeDraft({ accessKeySecret: '', securityToken: '' }), makeAccount(), load)).toEqual(stored);
  });

  test.each([
    ['a new account', null],
    ['another AccessKey', makeAccount({ accessKeyId: 'LTAI-other' })],
  ])('left empty for %s is refused', async (_, before) => {
    await expect(secretOf(makeDraft({ accessKeySecret: '' }), before, load)).rejects.toMatchObject({
      failure: { kind: 'input', field: 'accessKeySecret', rule: 'required' },
    });
  });

  test('is not asked for when the endpoint is none', async () => {
    await expect(secretOf(makeDraft({ endpoint: 'oss cn' }), null, load)).rejects.toMatchObject({
      failure: { kind: 'input', field: 'endpoint' },
    });
  });
});

describe('the form', () => {
  test('blanks around pasted values are dropped', () => {
    const draft = accountDraftSchema.parse(makeDraft({ accessKeyId: ' LTAI \n', accessKeySecret: ' s\t' }));
    expect(draft).toMatchObject({ accessKeyId: 'LTAI', accessKeySecret: 's' });
  });

  test('a field that nobody knows is refused', () => {
    expect(accountDraftSchema.safeParse({ ...makeDraft(), origin: 'practice' }).success).toBe(false);
  });
});
