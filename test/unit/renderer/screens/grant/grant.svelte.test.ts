import { describe, expect, test } from 'vitest';
import type { ArgsOf, GrantCard, GrantPreview } from '../../../../../main/contract/contract.ts';
import { isSourceIp } from '../../../../../renderer/parts/permissions/permissions.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { GrantForm } from '../../../../../renderer/screens/grant/grant.svelte.ts';
import { makeAccount } from '../../making.ts';
import { answering } from '../../answering.ts';

const role = { roleArn: 'acs:ram::123456789012:role/share', sessionName: 'waybill', durationSeconds: 3600 };
const account = makeAccount({ name: 'Studio', role });
const target = { accountId: account.id, bucket: 'photos', keys: ['a.jpg'], prefixes: ['album/'] };
const preview: GrantPreview = { policy: '{}', characters: 300, limit: 2048, widened: false, roleArn: role.roleArn };
const card: GrantCard = {
  grantId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b11',
  ledgerId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b12',
  accessKeyId: 'STS.Example',
  validUntil: 1_795_549_800_000,
  bucket: 'photos',
  keys: ['a.jpg'],
  prefixes: ['album/'],
  allow: ['read', 'list'],
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  region: 'cn-hangzhou',
  cname: false,
  signVersion: 'v4',
};

async function previewed(form: GrantForm): Promise<GrantForm> {
  await form.refreshPreview();
  return form;
}

describe('the grant dialog', () => {
  test('asks for reading and listing, for one hour, from anywhere', async () => {
    const made: ArgsOf<'grants.make'>[] = [];
    const form = new GrantForm(
      target,
      account,
      answering({
        'grants.preview': () => preview,
        'grants.make': (args) => {
          made.push(args);
          return card;
        },
      }),
    );
    await previewed(form);
    await form.make();
    expect(made).toEqual([
      {
        accountId: account.id,
        scope: { bucket: 'photos', keys: ['a.jpg'], prefixes: ['album/'], allow: ['read', 'list'], sourceIp: null },
        policy: null,
        durationSeconds: 3600,
        roleArn: null,
        sessionName: null,
        note: '',
        recipient: '',
      },
    ]);
    expect(form.card).toEqual(card);
  });

  test('nothing is made before its policy was seen', async () => {
    const form = new GrantForm(target, account, answering({ 'grants.make': () => card }));
    await form.make();
    expect([form.card, form.canMake]).toEqual([null, false]);
  });

  test('allowing nothing is a problem, and asks main for no policy', async () => {
    const form = new GrantForm(target, account, answering({}));
    form.toggle('read', false);
    form.toggle('list', false);
    await form.refreshPreview();
    expect([form.problems, form.preview, form.failure]).toEqual([{ allow: 'none' }, null, null]);
  });

  test('rights keep their order, however they were ticked', () => {
    const form = new GrantForm(target, account, answering({}));
    form.toggle('delete', true);
    form.toggle('read', false);
    form.toggle('read', true);
    expect(form.allow).toEqual(['read', 'list', 'delete']);
  });

  test('an account without a role needs one named, which goes along', async () => {
    let roleArn: string | null = 'not asked';
    const answers = answering({
      'grants.preview': () => ({ ...preview, roleArn: null }),
      'grants.make': (args) => {
        roleArn = args.roleArn;
        return card;
      },
    });
    const form = await previewed(new GrantForm(target, { ...account, role: null }, answers));
    expect([form.problems, form.canMake]).toEqual([{ roleArn: 'role-arn' }, false]);
    form.roleArn = ` ${role.roleArn} `;
    await form.make();
    expect(roleArn).toBe(role.roleArn);
  });

  test('a role that main offers is filled in, but takes the place of none that was named', async () => {
    const bare = { ...account, role: null };
    const answers = answering({ 'grants.preview': () => preview });
    const form = await previewed(new GrantForm(target, bare, answers));
    expect([form.roleArn, form.canMake]).toEqual([role.roleArn, true]);
    const named = new GrantForm(target, bare, answers);
    named.roleArn = 'acs:ram::1:role/other';
    expect((await previewed(named)).roleArn).toBe('acs:ram::1:role/other');
  });

  test('a policy that was edited goes along, once main found nothing wrong with it', async () => {
    const made: ArgsOf<'grants.make'>[] = [];
    const fault = { rule: 'policy-not-json', at: { line: 1, column: 2 } } as const;
    const answers = answering({
      'grants.preview': () => preview,
      'grants.checkPolicy': ({ text }) => ({ fault: text === '{' ? fault : null, characters: text.length }),
      'grants.make': (args) => {
        made.push(args);
        return card;
      },
    });
    const form = await previewed(new GrantForm(target, account, answers));
    form.editPolicy('{');
    expect(form.canMake).toBe(false);
    await form.checkPolicy();
    expect([form.problems.policy, form.policyCheck?.fault]).toEqual(['faulty', fault]);
    form.editPolicy('{"Version":"1"}');
    await form.checkPolicy();
    await form.make();
    expect(made.map(({ policy }) => policy)).toEqual(['{"Version":"1"}']);
  });

  test('an answer about a policy that was edited further is thrown away', async () => {
    const open: (() => void)[] = [];
    const answers = answering({
      'grants.checkPolicy': () => new Promise((resolve) => open.push(() => resolve({ fault: null, characters: 1 }))),
    });
    const form = new GrantForm(target, account, answers);
    form.editPolicy('a');
    const checked = form.checkPolicy();
    form.editPolicy('ab');
    open[0]?.();
    await checked;
    expect(form.policyCheck).toBeNull();
  });

  test.each([
    ['1hr', 60],
    ['90min', 90],
    ['43200s', 720],
    ['a while', null],
  ])('the maximum that STS named, %s, is %s minutes', async (limit, minutes) => {
    const refused = { kind: 'input', field: 'durationSeconds', rule: 'session-too-long', limit } as const;
    const answers = answering({
      'grants.preview': () => preview,
      'grants.make': () => {
        throw new CallFailed(refused);
      },
    });
    const form = await previewed(new GrantForm(target, account, answers));
    expect(form.mostMinutes).toBeNull();
    await form.make();
    expect(form.mostMinutes).toBe(minutes);
  });

  test('a policy over the limit of STS is a problem', async () => {
    const answers = answering({ 'grants.preview': () => ({ ...preview, characters: 2049 }) });
    const form = await previewed(new GrantForm(target, account, answers));
    expect([form.problems.policy, form.canMake]).toEqual(['too-long', false]);
  });

  test('more names than a grant takes are refused without asking', async () => {
    const keys = Array.from({ length: 1001 }, (_, index) => `${String(index)}.jpg`);
    const form = await previewed(new GrantForm({ ...target, keys }, account, answering({})));
    expect([form.problems.policy, form.failure]).toEqual(['too-many', null]);
  });

  test('an answer about an older choice is thrown away', async () => {
    const answers: ((value: GrantPreview) => void)[] = [];
    const form = new GrantForm(
      target,
      account,
      answering({ 'grants.preview': () => new Promise((resolve) => answers.push(resolve)) }),
    );
    const first = form.refreshPreview();
    form.toggle('write', true);
    const second = form.refreshPreview();
    answers[1]?.({ ...preview, characters: 400 });
    answers[0]?.(preview);
    await Promise.all([first, second]);
    expect(form.preview?.characters).toBe(400);
  });

  test('what STS refused is shown, and the form can be sent again', async () => {
    const failure = { kind: 'credentials', cause: 'role-refused' } as const;
    const form = new GrantForm(
      target,
      account,
      answering({
        'grants.preview': () => preview,
        'grants.make': () => {
          throw new CallFailed(failure);
        },
      }),
    );
    await previewed(form);
    await form.make();
    expect([form.failure, form.card, form.making.busy]).toEqual([failure, null, false]);
  });
});

describe('handing a grant out', () => {
  const copies: ArgsOf<'grants.copy'>[] = [];
  const answers = answering({
    'grants.copy': (args) => {
      copies.push(args);
      return { shown: `as ${args.format}` };
    },
    'passphrases.judge': ({ passphrase }) => (passphrase === 'eight888' ? 'fair' : 'short'),
  });
  const makeForm = (): GrantForm => {
    copies.length = 0;
    const form = new GrantForm(target, account, answers);
    form.card = card;
    return form;
  };

  test('copies it in the chosen form; choosing another one takes the shown text away', async () => {
    const form = makeForm();
    await form.copy();
    expect([form.shown, form.copied]).toEqual(['as env', true]);
    form.choose('oss2');
    expect([form.shown, form.copied]).toEqual([null, false]);
    await form.copy();
    expect(copies).toEqual([
      { grantId: card.grantId, format: 'env', passphrase: null },
      { grantId: card.grantId, format: 'oss2', passphrase: null },
    ]);
  });

  test('a code needs a passphrase that main finds good enough, which goes to nothing else', async () => {
    const form = makeForm();
    form.choose('code');
    form.passphrase.text = 'seven77';
    await form.passphrase.judge();
    await form.copy();
    expect(copies).toEqual([]);
    form.passphrase.text = 'eight888';
    await form.passphrase.judge();
    await form.copy();
    form.choose('json');
    await form.copy();
    expect(copies.map(({ passphrase }) => passphrase)).toEqual(['eight888', null]);
  });

  test('the passphrase is forgotten when the dialog closes', () => {
    const form = makeForm();
    form.passphrase.text = 'eight888';
    form.forgetSecrets();
    expect(form.passphrase.text).toBe('');
  });
});

test.each([
  ['203.0.113.7', true],
  ['203.0.113.0/24', true],
  ['2001:db8::/32', true],
  ['203.0.113.0/33', false],
  ['203.0.113', false],
  ['203.0.113.256', false],
  ['example.com', false],
  ['203.0.113.7/24/8', false],
])('whether %s may be an address or a range: %s', (typed, isAddress) => {
  expect(isSourceIp(typed)).toBe(isAddress);
});
