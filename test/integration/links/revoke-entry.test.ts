import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { denialOf, restoreEntry, revokeEntry } from '../../../main/links/revoke-entry.ts';
import { endPage } from '../../../main/links/pages/end-page.ts';
import { policyEditor } from '../../../main/links/revoking/policy-text.ts';
import { deleteBucketPolicy, getBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import type { LinkRequest } from '../../../main/links/making/sign-link.ts';
import { connect } from '../practice/client.ts';
import { makeDesk } from './desk.ts';

const bucket = 'waybill-samples';
const file = 'Welcome to Waybill.txt';
const revocable = { roleArn: null };
let desk: Awaited<ReturnType<typeof makeDesk>>;
let owner: string;

beforeAll(async () => {
  desk = await makeDesk();
  owner = await desk.addOwner();
});
afterEach(async () => {
  desk.time.ahead = desk.time.local = 0;
  await desk.accounts.run(owner, bucket, (open) => deleteBucketPolicy(open, bucket));
});
afterAll(() => desk.close());

const parts = () => ({
  accounts: desk.accounts,
  ledger: desk.ledger,
  editor: policyEditor(),
  wait: () => Promise.resolve(),
});
const shareOf = (key: string, changes: Partial<LinkRequest> = {}): LinkRequest => ({
  ...{ bucket, key, versionId: null, expiresSeconds: 3600, fileName: null, open: null, ...changes },
});
const statusOf = async ({ url }: { readonly url: string }): Promise<number> => (await fetch(url)).status;
const stateOf = ({ ledgerId }: { readonly ledgerId: string }) => desk.ledger.get(ledgerId).state;

test('a link with a session of its own is revoked alone, and works again once that is undone', async () => {
  const role = await desk.addRole();
  const link = await desk.links.issue(role, shareOf(file), { revocable });
  const twin = await desk.links.issue(role, shareOf(file), { revocable });
  expect(await revokeEntry(parts(), link.ledgerId)).toMatchObject({ kind: 'ended' });
  expect([await statusOf(link), await statusOf(twin)]).toEqual([403, 200]);
  expect([stateOf(link), stateOf(twin)]).toEqual(['revoked', 'live']);
  await restoreEntry(parts(), link.ledgerId);
  expect([await statusOf(link), stateOf(link)]).toEqual([200, 'live']);
  expect(await desk.accounts.run(owner, bucket, (open) => getBucketPolicy(open, bucket))).toBeNull();
});

test('links that were shared together are revoked together', async () => {
  const role = await desk.addRole();
  const batch = { bucket, keys: [file, '欢迎使用 Waybill.txt'], prefixes: [], format: 'text' as const };
  const options = { expiresSeconds: 3600, fileName: null, open: null };
  const { links } = await desk.links.issueBatch(role, { ...batch, options }, { revocable }, {});
  const [first, second] = desk.ledger.all();
  expect(await revokeEntry(parts(), first?.id ?? '')).toMatchObject({ kind: 'ended' });
  expect(await Promise.all(links.map(statusOf))).toEqual([403, 403]);
  expect([first, second].map((item) => desk.ledger.get(item?.id ?? '').state)).toEqual(['revoked', 'revoked']);
});

test('temporary access is revoked alone, and seen to be if it can read; renewed, it is another session', async () => {
  const role = await desk.addRole();
  const issue = (allow: readonly ('read' | 'write')[]) =>
    desk.grants.issue({
      ...{
        accountId: role,
        policy: null,
        durationSeconds: 900,
        roleArn: null,
        sessionName: null,
        note: '',
        recipient: '',
      },
      scope: { bucket, keys: [], prefixes: ['reports/'], allow: [...allow], sourceIp: null },
    });
  const [reads, writes, kept] = [await issue(['read']), await issue(['write']), await issue(['read'])];
  const outcomes = [await revokeEntry(parts(), reads.ledgerId), await revokeEntry(parts(), writes.ledgerId)];
  expect(outcomes).toMatchObject([{ kind: 'ended' }, { kind: 'unconfirmed', why: 'untestable' }]);
  expect([reads, writes, kept].map(stateOf)).toEqual(['revoked', 'denied', 'live']);
  const again = await desk.renew(reads.ledgerId);
  const renewed = again.kind === 'grant' ? again.grant : null;
  const use = async (grantId = '') => {
    const { text } = await desk.grants.output(grantId, 'json', null);
    const { AccessKeyId, AccessKeySecret, SecurityToken } = JSON.parse(text) as Record<string, string>;
    const key = {
      accessKeyId: AccessKeyId ?? '',
      accessKeySecret: AccessKeySecret ?? '',
      securityToken: SecurityToken ?? '',
    };
    const answer = connect(desk.run.server, { bucket, key }).get('reports/2026/shipments.csv');
    return answer.then(
      ({ res }) => res.status,
      (error: unknown) => (error as { status?: number }).status,
    );
  };
  expect([await use(reads.grantId), await use(kept.grantId), await use(renewed?.grantId)]).toEqual([403, 200, 200]);
});

test('temporary access that an edited policy extends to another bucket isn’t revoked by the policy of one', async () => {
  const Resource = [`acs:oss:*:*:${bucket}/*`, 'acs:oss:*:*:another/*'];
  const policy = JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: ['oss:GetObject'], Resource }],
  });
  const scope = { bucket, keys: [], prefixes: [''], allow: ['read' as const], sourceIp: null };
  const terms = { policy, durationSeconds: 900, roleArn: null, sessionName: null, note: '', recipient: '' };
  const grant = await desk.grants.issue({ accountId: await desk.addRole(), scope, ...terms });
  await expect(revokeEntry(parts(), grant.ledgerId)).rejects.toMatchObject({ failure: { rule: 'not-revocable' } });
  expect(stateOf(grant)).toBe('live');
});

test('an AccessKey is denied the file of a link that it signed: its other links to that, and no other file', async () => {
  const link = await desk.links.issue(owner, shareOf(file));
  const longer = await desk.links.issue(owner, shareOf(file, { expiresSeconds: 7200 }));
  const other = await desk.links.issue(owner, shareOf('欢迎使用 Waybill.txt'));
  const own = await desk.links.issue(await desk.addRole(), shareOf(file));
  expect(await revokeEntry(parts(), link.ledgerId)).toMatchObject({ kind: 'ended' });
  expect(await Promise.all([link, longer, other, own].map(statusOf))).toEqual([403, 403, 200, 200]);
  expect([link, longer, other, own].map(stateOf)).toEqual(['revoked', 'revoked', 'live', 'live']);
  const { denial } = denialOf(desk.ledger, desk.ledger.get(link.ledgerId));
  expect(denial.validUntil).toBe(desk.ledger.get(longer.ledgerId).validUntil);
  await restoreEntry(parts(), longer.ledgerId);
  expect(await statusOf(link)).toBe(200);
});

test('the ledger says that a link is denied, and no more, until OSS was seen to refuse it', async () => {
  const role = await desk.addRole();
  const link = await desk.links.issue(role, shareOf(file), { revocable });
  const states: string[] = [];
  desk.run.server.restrictions.policyDelayMs = 3000;
  const wait = () => {
    states.push(stateOf(link));
    desk.time.ahead += 2000;
    return Promise.resolve();
  };
  try {
    expect(await revokeEntry({ ...parts(), wait }, link.ledgerId)).toMatchObject({ kind: 'ended' });
  } finally {
    desk.run.server.restrictions.policyDelayMs = 0;
  }
  expect(states.length).toBeGreaterThan(1);
  expect(new Set(states)).toEqual(new Set(['denied']));
  expect([await statusOf(link), stateOf(link)]).toEqual([403, 'revoked']);
});

test('a link whose session signs for others too isn’t revoked, nor is one that has expired', async () => {
  const shared = await desk.links.issue(await desk.addRole(), shareOf(file));
  await expect(revokeEntry(parts(), shared.ledgerId)).rejects.toMatchObject({
    failure: { kind: 'input', field: 'link', rule: 'not-revocable' },
  });
  const short = await desk.links.issue(owner, shareOf(file, { expiresSeconds: 60 }));
  desk.time.ahead = 61_000;
  expect(await revokeEntry(parts(), short.ledgerId)).toEqual({ kind: 'expired' });
});

test('by a clock that is hours ahead, nothing has expired that OSS still accepts', async () => {
  const link = await desk.links.issue(owner, shareOf(file));
  const limits = { sizeBytes: { min: 1, max: 10 }, contentTypes: [], forbidOverwrite: true };
  const asked = { bucket, prefix: 'in/', slots: null, expiresSeconds: 3600, ...limits };
  const form = await desk.forms.issue(owner, { ...asked, ownSession: false, note: '' }, { format: 'json' });
  desk.time.local = 8 * 3_600_000;
  expect(await revokeEntry(parts(), link.ledgerId)).toMatchObject({ kind: 'ended' });
  expect(await statusOf(link)).toBe(403);
  desk.time.local = 12 * 3_600_000;
  expect(await endPage(parts(), form.ledgerId)).toMatchObject({ kind: 'ended' });
});
