import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkRevocations } from '../../../main/links/check-revocations.ts';
import { endPage } from '../../../main/links/pages/end-page.ts';
import { denialOf, revokeEntry } from '../../../main/links/revoke-entry.ts';
import { policyEditor } from '../../../main/links/revoking/policy-text.ts';
import { revokeSession } from '../../../main/links/revoking/revoke-session.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { makeDesk } from './desk.ts';

const bucket = 'waybill-samples';
const key = 'Welcome to Waybill.txt';
const hour = 3_600_000;
const revocable = { roleArn: null };
const theirs = `{"Version":"1","Statement":[ {"Effect":"Deny","Action":["oss:DeleteObject"],"Principal":["201"],"Resource":["acs:oss:*:*:${bucket}/*"]} ]}`;
let desk: Awaited<ReturnType<typeof makeDesk>>;
let owner: string;
let role: string;

beforeAll(async () => {
  desk = await makeDesk();
  owner = await desk.addOwner();
  role = await desk.addRole();
});
afterEach(async () => {
  desk.time.ahead = 0;
  desk.run.server.restrictions.policyDelayMs = 0;
  await desk.accounts.run(owner, bucket, (open) => deleteBucketPolicy(open, bucket));
  await desk.ledger.clear();
});
afterAll(() => desk.close());

const wait = (): Promise<void> => Promise.resolve();
const parts = () => ({ accounts: desk.accounts, ledger: desk.ledger, editor: policyEditor(), wait });
const share = () =>
  desk.links.issue(
    role,
    { bucket, key, versionId: null, expiresSeconds: 3600, fileName: null, open: null },
    { revocable },
  );
const stateOf = ({ ledgerId }: { readonly ledgerId: string }) => desk.ledger.get(ledgerId).state;
const statusOf = async ({ url }: { readonly url: string }): Promise<number> => (await fetch(url)).status;
const policy = (): Promise<string | null> => desk.accounts.run(owner, bucket, (open) => getBucketPolicy(open, bucket));
const write = (text: string): Promise<void> =>
  desk.accounts.run(owner, bucket, (open) => putBucketPolicy(open, bucket, text));

test('a revocation that Waybill was killed in is confirmed once OSS refuses the link, and not before', async () => {
  const [link, other] = [await share(), await share()];
  desk.run.server.restrictions.policyDelayMs = 60_000;
  const killed = (): Promise<never> => Promise.reject(new Error('killed'));
  await expect(revokeEntry({ ...parts(), wait: killed }, link.ledgerId)).rejects.toThrow('killed');
  expect(stateOf(link)).toBe('denied');
  await checkRevocations(parts());
  expect([stateOf(link), await statusOf(link)]).toEqual(['denied', 200]);
  desk.time.ahead = 61_000;
  await checkRevocations(parts());
  expect([stateOf(link), await statusOf(link)]).toEqual(['revoked', 403]);
  expect([stateOf(other), await statusOf(other)]).toEqual(['live', 200]);
});

test('what another program revoked is seen in the ledger', async () => {
  const link = await share();
  const { denial } = denialOf(desk.ledger, desk.ledger.get(link.ledgerId));
  const seen = { url: link.url, method: 'GET' } as const;
  await desk.accounts.run(owner, bucket, (open) => revokeSession(open, { ...denial, link: seen }, parts()));
  expect(stateOf(link)).toBe('live');
  await checkRevocations(parts());
  expect(stateOf(link)).toBe('revoked');
});

test('what somebody took out of the policy works again, and the ledger says so', async () => {
  await write(theirs);
  const [link, denied] = [await share(), await share()];
  await revokeEntry(parts(), link.ledgerId);
  await revokeEntry(parts(), denied.ledgerId);
  await checkRevocations(parts());
  expect([stateOf(link), stateOf(denied)]).toEqual(['revoked', 'revoked']);
  await write(theirs);
  await checkRevocations(parts());
  expect([stateOf(link), stateOf(denied)]).toEqual(['live', 'live']);
  expect(await statusOf(link)).toBe(200);
  expect(await policy()).toBe(theirs);
});

test('temporary credentials are followed as links are', async () => {
  const scope = { bucket, keys: [key], prefixes: [], allow: ['read' as const], sourceIp: null };
  const terms = { policy: null, durationSeconds: 3600, roleArn: null, sessionName: null };
  const grant = await desk.grants.issue({ accountId: role, scope, ...terms, note: '', recipient: '' });
  const killed = (): Promise<never> => Promise.reject(new Error('killed'));
  await expect(revokeEntry({ ...parts(), wait: killed }, grant.ledgerId)).rejects.toThrow('killed');
  expect(stateOf(grant)).toBe('denied');
  await checkRevocations(parts());
  expect(stateOf(grant)).toBe('revoked');
});

test('a link that an AccessKey signed stays revoked, whatever else it signs for the file', async () => {
  const asked = { bucket, key, versionId: null, fileName: null, open: null };
  const link = await desk.links.issue(owner, { ...asked, expiresSeconds: 3600 });
  await revokeEntry(parts(), link.ledgerId);
  await desk.links.issue(owner, { ...asked, expiresSeconds: 7200 });
  await checkRevocations(parts());
  expect(stateOf(link)).toBe('revoked');
});

test('after the end of what was revoked nothing of Waybill’s is left, and nobody is asked again', async () => {
  await write(theirs);
  const link = await share();
  const { session } = desk.ledger.get(link.ledgerId);
  await revokeEntry(parts(), link.ledgerId);
  const limits = { sizeBytes: { min: 1, max: 10 }, contentTypes: [], forbidOverwrite: true };
  const asked = { bucket, prefix: 'in/', slots: null, expiresSeconds: 3600, ...limits };
  const form = await desk.forms.issue(owner, { ...asked, ownSession: false, note: '' }, { format: 'json' });
  await endPage(parts(), form.ledgerId);
  expect(await policy()).toMatch(/wb-.*in\/\*/);
  desk.time.ahead = hour + 10 * 60_000;
  await checkRevocations(parts());
  expect(await policy()).toMatch(/wb-.*in\/\*/);
  desk.time.ahead = 3 * hour;
  await checkRevocations(parts());
  expect(await policy()).toBe(theirs);
  expect(await desk.ledger.probes.find(session?.accessKeyId ?? '')).toBeNull();
  const before = desk.run.requests.length;
  await checkRevocations(parts());
  expect(desk.run.requests).toHaveLength(before);
});

test('a form whose denial somebody took out of the policy works again, and the ledger says so', async () => {
  const limits = { sizeBytes: { min: 1, max: 10 }, contentTypes: [], forbidOverwrite: true };
  const asked = { bucket, prefix: 'in/', slots: null, expiresSeconds: 3600, ...limits };
  const form = await desk.forms.issue(owner, { ...asked, ownSession: false, note: '' }, { format: 'json' });
  const killed = (): Promise<never> => Promise.reject(new Error('killed'));
  await expect(endPage({ ...parts(), wait: killed }, form.ledgerId)).rejects.toThrow('killed');
  expect(stateOf(form)).toBe('denied');
  await endPage(parts(), form.ledgerId);
  await checkRevocations(parts());
  expect(stateOf(form)).toBe('revoked');
  await write(theirs);
  await checkRevocations(parts());
  expect(stateOf(form)).toBe('live');
});

test('where the policy can’t be read, nothing is claimed of it', async () => {
  const link = await share();
  await revokeEntry(parts(), link.ledgerId);
  await write('{"Version":"1","Statement":[],"Statement":[]}');
  await checkRevocations(parts());
  expect(stateOf(link)).toBe('revoked');
  await desk.accounts.remove(role);
  await checkRevocations(parts());
  expect(stateOf(link)).toBe('revoked');
  role = await desk.addRole();
});
