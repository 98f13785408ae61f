import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FormRequest, UploadForm } from '../../../main/links/forms/issue-form.ts';
import { issueForm } from '../../../main/links/forms/issue-form.ts';
import { listArrived } from '../../../main/links/pages/arrived.ts';
import { endForm, reopenForm } from '../../../main/links/revoking/end-uploads.ts';
import { policyEditor } from '../../../main/links/revoking/policy-text.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const bucket = 'forms-here';
const hour = 3_600_000;
const time = { ahead: 0 };
let run: PracticeRun;
let connection: Connection;
let roleAccount: string;

beforeAll(async () => {
  const now = (): number => Date.now() + time.ahead;
  run = await startPracticeRun({ now, localNow: now });
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  connection = run.accounts.access(id).connectionIn('cn-hangzhou');
  const role = { roleArn: run.server.roleArn, sessionName: 'waybill', durationSeconds: 3600 };
  roleAccount = (await run.accounts.add(run.draft({ role, remember: false }))).id;
  await createBucket(connection, bucket, { storageClass: 'Standard', acl: 'private' });
});
afterAll(() => run.close());
beforeEach(() => deleteBucketPolicy(connection, bucket));

async function form(prefix: string, changes: Partial<FormRequest> = {}, accountId?: string): Promise<UploadForm> {
  const session =
    accountId === undefined
      ? { accessKey: await connection.accessKey(), validUntil: null }
      : await run.accounts.session(accountId, hour);
  const limits = { sizeBytes: { min: 1, max: 1000 }, contentTypes: [], forbidOverwrite: true };
  const request = { ...limits, bucket, prefix, slots: null, expiresSeconds: 3600, ...changes };
  return issueForm(connection, session, request).form;
}

/** Sends a file as a browser would. */
async function send({ action, fields, keys }: UploadForm, name: string): Promise<number> {
  const data = new FormData();
  data.append('key', keys.kind === 'prefix' ? keys.prefix + name : (keys.keys[0] ?? ''));
  for (const [field, value] of fields) data.append(field, value);
  data.append('file', new Blob(['content']), name);
  return (await fetch(action, { method: 'POST', body: data })).status;
}

const wait = () => Promise.resolve();
const end = (ended: UploadForm) => endForm(connection, ended, { editor: policyEditor(), wait });

test.each(['v4', 'v1'] as const)(
  'a form of %s that was used is refused once ended, and another one is not',
  async (signVersion) => {
    const ended = await form(`ended-${signVersion}/`, { signVersion });
    const other = await form(`other-${signVersion}/`, { signVersion });
    expect(await send(ended, '1')).toBe(200);
    expect(await end(ended)).toMatchObject({ kind: 'ended' });
    expect(await send(ended, '2')).toBe(403);
    expect(await send(other, '1')).toBe(200);
    const { files } = await listArrived(connection, { bucket, keys: ended.keys, since: null });
    expect(files.map(({ name }) => name)).toEqual(['1']);
    await reopenForm(connection, ended, { editor: policyEditor() });
    expect(await getBucketPolicy(connection, bucket)).toBeNull();
    expect(await send(ended, '2')).toBe(200);
  },
);

test('the form of one session ends, and what its owner’s key uploads there goes on', async () => {
  const bySession = await form('shared/', {}, roleAccount);
  const byKey = await form('shared/');
  expect(bySession.signedBy).toBe('session');
  expect(await end(bySession)).toMatchObject({ kind: 'ended' });
  expect(await send(bySession, '1')).toBe(403);
  expect(await send(byKey, '1')).toBe(200);
});

test('slots end together, and those of others stay', async () => {
  const slots = await form('slots/', { slots: { count: 50 } });
  expect(await end(slots)).toMatchObject({ kind: 'ended' });
  expect(await send(slots, '1')).toBe(403);
  expect(await send(await form('slots/more/'), '1')).toBe(200);
});

test('what others wrote into the policy stays as it was, and ended forms that have expired go', async () => {
  const theirs = `{ "Version":"1", "Statement":[ {"Effect":"Allow","Action":["oss:GetObject"],"Principal":["20214760404935"],"Resource":["acs:oss:*:*:${bucket}/*"]} ] }`;
  await putBucketPolicy(connection, bucket, theirs);
  const first = await form('first/');
  await end(first);
  await end(first);
  time.ahead += 2 * hour;
  const second = await form('second/');
  await end(second);
  expect(await getBucketPolicy(connection, bucket)).not.toContain('/first/');
  await reopenForm(connection, second, { editor: policyEditor() });
  expect(await getBucketPolicy(connection, bucket)).toBe(theirs);
});

test('a policy that can’t be read is left alone', async () => {
  const odd =
    '{"Version":"1","Statement":[],"Statement":[{"Effect":"Deny","Action":"oss:*","Principal":"1","Resource":"*"}]}';
  await putBucketPolicy(connection, bucket, odd);
  await expect(end(await form('odd/'))).rejects.toMatchObject({ failure: { rule: 'bucket-policy-unreadable' } });
  expect(await getBucketPolicy(connection, bucket)).toBe(odd);
});

test('ending many forms at once loses none', async () => {
  const editor = policyEditor();
  const forms = await Promise.all(Array.from({ length: 8 }, (_, index) => form(`many-${index}/`)));
  const ended = await Promise.all(forms.map((one) => endForm(connection, one, { editor, wait })));
  expect(ended.map(({ kind }) => kind)).toEqual(Array(8).fill('ended'));
  for (const one of forms) expect(await send(one, 'x')).toBe(403);
});

test('while a policy does not act yet, the form has not ended', async () => {
  const slow = await form('slow/');
  run.server.restrictions.policyDelayMs = 3000;
  let waited = 0;
  const answers: number[] = [];
  const waitSlowly = async (ms: number): Promise<void> => {
    answers.push(await send(slow, `after-${waited}`));
    waited += ms;
    time.ahead += ms;
  };
  const ended = await endForm(connection, slow, { editor: policyEditor(), wait: waitSlowly });
  run.server.restrictions.policyDelayMs = 0;
  expect(ended).toMatchObject({ kind: 'ended' });
  expect(answers).toEqual([200, 200, 403]);
  expect(await send(slow, 'at-last')).toBe(403);
});

test('with a clock that is hours ahead, a form ends that has not expired, and other denials stay', async () => {
  const [other, ended] = [await form('kept/'), await form('ahead/')];
  await end(other);
  const ahead = { ...connection, clock: new ServerClock(() => Date.now() + time.ahead + 8 * hour) };
  expect(await endForm(ahead, ended, { editor: policyEditor(), wait })).toMatchObject({ kind: 'ended' });
  expect([await send(ended, '1'), await send(other, '1')]).toEqual([403, 403]);
});

test('a form has not ended where another tool overwrote the policy meanwhile', async () => {
  const overwritten = await form('overwritten/');
  let waits = 0;
  const waitAndOverwrite = async (): Promise<void> => {
    if (waits++ === 0) await deleteBucketPolicy(connection, bucket);
  };
  const parts = { editor: policyEditor(), wait: waitAndOverwrite };
  expect(await endForm(connection, overwritten, parts)).toMatchObject({ kind: 'ended' });
  expect(await send(overwritten, '1')).toBe(403);
});
