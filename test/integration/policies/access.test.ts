import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { policyEditor, withStatements } from '../../../main/links/revoking/policy-text.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { bucketUrl } from '../../../main/oss/endpoint.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import { giveAccess, type NewAccess, planAccess } from '../../../main/policies/give-access.ts';
import { type AccessReport, readAccess } from '../../../main/policies/read-access.ts';
import { takeAccess } from '../../../main/policies/take-access.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const bucket = 'shared-here';
const hour = 3_600_000;
const guest = { accessKeyId: 'GUESTUSER', accessKeySecret: 'guest-secret', name: 'guest', uid: '2021476040' } as const;
const nothing = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*' }] } as const;
const time = { ahead: 0 };
let run: PracticeRun;
let owner: Connection;
let visitor: Connection;
const editor = policyEditor();

beforeAll(async () => {
  const now = (): number => Date.now() + time.ahead;
  run = await startPracticeRun({ now, localNow: now, users: [{ ...guest, policy: nothing }] });
  owner = await connectionOf({});
  visitor = await connectionOf({ accessKeyId: guest.accessKeyId, accessKeySecret: guest.accessKeySecret });
  await createBucket(owner, bucket, { storageClass: 'Standard', acl: 'private' });
  const body = Buffer.from('content');
  for (const key of ['reports/a', 'photos/a']) await putObject(owner, { bucket, key, body, sizeBytes: body.length });
});
afterAll(() => run.close());
beforeEach(async () => {
  time.ahead = 0;
  run.server.restrictions.publicAccess = false;
  run.server.restrictions.policyNetworks = false;
  await deleteBucketPolicy(owner, bucket);
});

async function connectionOf(fields: Parameters<PracticeRun['draft']>[0]): Promise<Connection> {
  const { id } = await run.accounts.add(run.draft({ remember: false, ...fields }));
  return run.accounts.access(id).connectionIn('cn-hangzhou');
}

const wanted = (changes: Partial<NewAccess> = {}): NewAccess => ({
  ...{ who: guest.uid, allow: ['read', 'list'], until: Date.now() + hour, addresses: [], vpc: null },
  ...changes,
});
const give = (changes: Partial<NewAccess> = {}, prefix = 'reports/') =>
  giveAccess(owner, bucket, planAccess({ bucket, prefix }, wanted(changes), owner.clock.now()), { editor });
const report = (prefix = '', by = owner) => readAccess(by, { bucket, prefix });
const rulesOf = ({ policy }: AccessReport) => (policy.kind === 'read' ? policy.rules : []);
const takeAll = async () =>
  takeAccess(
    owner,
    bucket,
    rulesOf(await report()).map(({ id }) => ({ id, principal: guest.uid })),
    { editor },
  );

const reads = async (key: string, by = visitor) => {
  const found = await headObject(by, { bucket, key }).catch(() => null);
  return found !== null;
};
const lists = async (prefix: string) => {
  const found = await listObjects(visitor, bucket, { prefix }).catch(() => null);
  return found !== null;
};
async function readsUnsigned(key: string): Promise<number> {
  const { origin, path } = bucketUrl(owner.endpoint, bucket, key);
  const { statusCode, body } = await request(origin + path, { dispatcher: run.dispatcher });
  await body.dump();
  return statusCode;
}

test('a user of RAM gets access to one folder, and to no other, until it is taken away', async () => {
  expect(await reads('reports/a')).toBe(false);
  await give();
  expect([await reads('reports/a'), await lists('reports/')]).toEqual([true, true]);
  expect([await reads('photos/a'), await lists('photos/')]).toEqual([false, false]);
  await takeAll();
  expect([await reads('reports/a'), await lists('reports/')]).toEqual([false, false]);
  expect(await getBucketPolicy(owner, bucket)).toBeNull();
});

test('access ends at its moment, whether anyone takes it away or not', async () => {
  await give();
  expect(rulesOf(await report())).toMatchObject([{ traps: [] }, { traps: [] }]);
  time.ahead = hour + 1000;
  expect(await reads('reports/a')).toBe(false);
  expect(rulesOf(await report())).toMatchObject([{ traps: ['expired'] }, { traps: ['expired'] }]);
});

test('a session of a role gets access by its name, and the other sessions of the role don’t', async () => {
  const session = async (sessionName: string) => {
    const role = { roleArn: run.server.roleArn, sessionName, durationSeconds: 900 };
    const { id } = await run.accounts.add(run.draft({ role, remember: false }));
    return run.accounts.access(id).connectionIn('cn-hangzhou');
  };
  const deny = { Effect: 'Deny', Action: ['oss:GetObject'], Resource: [`acs:oss:*:*:${bucket}/photos/*`] };
  const anna = planAccess({ bucket, prefix: '' }, wanted({ who: `${run.server.roleArn}/anna` }), owner.clock.now());
  // The practice role may read everything: a Deny by the same principal shows whom it is about.
  const Principal = anna.statements[0]?.['Principal'];
  await editor.change(owner, bucket, (policy) => withStatements(policy, [{ ...deny, Principal }]));
  expect(await reads('photos/a', await session('anna'))).toBe(false);
  expect(await reads('photos/a', await session('Anna'))).toBe(true);
});

test('everyone reads a folder, and nobody any more once that is taken away', async () => {
  expect(await readsUnsigned('reports/a')).toBe(403);
  await give({ who: 'everyone', allow: ['read'] });
  expect(await readsUnsigned('reports/a')).toBe(200);
  expect(await readsUnsigned('photos/a')).toBe(403);
  const found = await report();
  expect(found).toMatchObject({ isPolicyPublic: true, acl: 'private', blocked: { bucket: false, account: false } });
  const [rule] = rulesOf(found);
  expect(rule).toMatchObject({ traps: ['public'], who: [{ principal: { kind: 'everyone' } }] });
  await takeAccess(owner, bucket, [{ id: rule?.id ?? '', principal: '*' }], { editor });
  expect(await readsUnsigned('reports/a')).toBe(403);
});

test('Block Public Access is noticed before anything is written, and makes void what is there', async () => {
  await give({ who: 'everyone', allow: ['read'] });
  run.server.restrictions.publicAccess = true;
  expect(rulesOf(await report())).toMatchObject([{ traps: ['blocked'] }]);
  await deleteBucketPolicy(owner, bucket);
  const before = run.requests.length;
  await expect(give({ who: 'everyone' })).rejects.toMatchObject({ failure: { kind: 'input', rule: 'access-blocked' } });
  expect(run.requests.slice(before).filter((one) => one.startsWith('PUT'))).toEqual([]);
  // From few addresses it isn't public.
  await give({ who: 'everyone', allow: ['read'], addresses: ['203.0.113.0/24'] });
  expect(await report()).toMatchObject({ isPolicyPublic: false, blocked: { account: true } });
});

test('OSS’s own refusal of a public policy says the same', async () => {
  const plan = planAccess({ bucket, prefix: '' }, wanted({ who: 'everyone' }), owner.clock.now());
  run.server.restrictions.publicAccess = true;
  await expect(giveAccess(owner, bucket, { ...plan, isPublic: false }, { editor })).rejects.toMatchObject({
    failure: { kind: 'oss', cause: 'public-access-blocked' },
  });
});

test('addresses that are given name a network; an older rule without one is named as what stands in the way', async () => {
  const alone = {
    ...{ Effect: 'Allow', Action: 'oss:GetObject', Principal: ['20100'], Resource: `acs:oss:*:*:${bucket}/*` },
    Condition: { IpAddress: { 'acs:SourceIp': ['203.0.113.5'] } },
  };
  run.server.restrictions.policyNetworks = true;
  await give({ addresses: ['127.0.0.1'] });
  expect(await reads('reports/a')).toBe(true);
  await deleteBucketPolicy(owner, bucket);
  run.server.restrictions.policyNetworks = false;
  await putBucketPolicy(owner, bucket, JSON.stringify({ Version: '1', Statement: [alone] }));
  run.server.restrictions.policyNetworks = true;
  expect(rulesOf(await report())).toMatchObject([{ traps: ['address-alone'] }]);
  await expect(give()).rejects.toMatchObject({ failure: { kind: 'input', rule: 'bucket-policy-source-ip' } });
});

test('a policy that isn’t understood is shown and not touched', async () => {
  // OSS itself keeps older forms that it no longer takes; here a form that Waybill doesn't edit.
  const text =
    '{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Principal":"1","Resource":"*"}],"Statement":[]}';
  await putBucketPolicy(owner, bucket, text);
  expect(await report()).toMatchObject({ policy: { kind: 'unreadable', text } });
  await expect(give()).rejects.toMatchObject({ failure: { rule: 'bucket-policy-unreadable' } });
  expect(await getBucketPolicy(owner, bucket)).toBe(text);
});

test('who may not read the policy is told so, with what else is known', async () => {
  const { policy, acl, isPolicyPublic, blocked } = await report('', visitor);
  expect(policy).toMatchObject({ kind: 'denied', failure: { kind: 'credentials', action: 'oss:GetBucketPolicy' } });
  expect([acl, isPolicyPublic, blocked]).toEqual([null, null, { bucket: null, account: null }]);
});

test('who may not change the policy is told which right is missing', async () => {
  const plan = planAccess({ bucket, prefix: '' }, wanted(), owner.clock.now());
  await putBucketPolicy(
    owner,
    bucket,
    JSON.stringify({
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: ['oss:GetBucketPolicy'], Principal: [guest.uid], Resource: `acs:oss:*:*:${bucket}` },
      ],
    }),
  );
  await expect(giveAccess(visitor, bucket, plan, { editor: policyEditor() })).rejects.toMatchObject({
    failure: { kind: 'credentials', cause: 'denied-by-policy', action: 'oss:PutBucketPolicy' },
  });
});

test('a full policy takes no more, and stays as it is', async () => {
  const padding = 'x'.repeat(4000);
  const text = JSON.stringify({
    Version: '1',
    Statement: [1, 2, 3, 4].map((n) => ({
      Effect: 'Deny',
      Action: 'oss:x',
      Principal: [padding],
      Resource: String(n),
    })),
  });
  await putBucketPolicy(owner, bucket, text);
  await expect(give()).rejects.toMatchObject({ failure: { rule: 'bucket-policy-full' } });
  expect(await getBucketPolicy(owner, bucket)).toBe(text);
});

test('what is no longer there can’t be taken away, and says so', async () => {
  await expect(takeAccess(owner, bucket, [{ id: 'gone', principal: null }], { editor })).rejects.toMatchObject({
    failure: { kind: 'input', rule: 'access-gone' },
  });
});

test('the rules of a folder are those that say something about it', async () => {
  await give({}, 'reports/');
  await give({ who: '1746495857600001', allow: ['read'] }, 'photos/');
  const { policy } = await report('photos/');
  expect(policy).toMatchObject({ otherRules: 2, rules: [{ places: [{ kind: 'files', prefix: 'photos/' }] }] });
});
