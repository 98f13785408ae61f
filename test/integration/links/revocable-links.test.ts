import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LinkBatchRequest } from '../../../main/links/making/link-batch.ts';
import { maxRevocableSeconds, revocableEnd } from '../../../main/links/making/revocable-session.ts';
import type { LinkRequest } from '../../../main/links/making/sign-link.ts';
import { policyEditor } from '../../../main/links/revoking/policy-text.ts';
import { revokeSession } from '../../../main/links/revoking/revoke-session.ts';
import { longRole, makeDesk, partnerRole } from './desk.ts';

const bucket = 'waybill-samples';
const hour = 3_600_000;
const own = { roleArn: null };
let desk: Awaited<ReturnType<typeof makeDesk>>;

beforeAll(async () => {
  desk = await makeDesk();
});
afterEach(() => {
  desk.time.ahead = 0;
});
afterAll(() => desk.close());

const share = (fields: Partial<LinkRequest> = {}): LinkRequest => ({
  ...{ bucket, key: 'pictures/harbour.png', versionId: null, expiresSeconds: 3600, fileName: null, open: null },
  ...fields,
});

async function status(url: string, method: 'GET' | 'HEAD' | 'PUT' = 'GET'): Promise<number> {
  const body = method === 'PUT' ? 'x' : null;
  const reply = await request(url.replace(/#.*/, ''), { method, body, dispatcher: desk.run.dispatcher });
  await reply.body.dump();
  return reply.statusCode;
}

async function probeOf(ledgerId: string): Promise<string> {
  return (await desk.ledger.probes.find(desk.ledger.get(ledgerId).session?.accessKeyId ?? '')) ?? '';
}

/** Revokes the session of an entry, seen by its kept link. */
async function revoke(account: string, ledgerId: string) {
  const { session } = desk.ledger.get(ledgerId);
  if (session === undefined) throw new Error('not revocable');
  const { principals, validUntil } = session;
  const link = { url: await probeOf(ledgerId), method: 'HEAD' } as const;
  const revocation = { bucket, signer: { kind: 'session', principals }, validUntil, link } as const;
  const parts = { editor: policyEditor(), wait: () => Promise.resolve() };
  return desk.accounts.run(account, bucket, (connection) => revokeSession(connection, revocation, parts));
}

describe('a link that can be revoked', () => {
  test('has a session of its own, whose name no other has', async () => {
    const account = await desk.addRole();
    const links = [];
    for (let index = 0; index < 3; index++) links.push(await desk.links.issue(account, share(), { revocable: own }));
    const entries = links.map(({ ledgerId }) => desk.ledger.get(ledgerId));
    const names = entries.map(({ signer }) => (signer.kind === 'role' && signer.own ? signer.sessionName : ''));
    expect(new Set(names).size).toBe(3);
    for (const [index, entry] of entries.entries()) {
      expect(names[index]).toMatch(/^wb-[0-9a-z]{8}$/);
      expect(entry.session?.principals).toEqual([
        `arn:sts::1000000000000001:assumed-role/waybill-practice/${names[index]}`,
      ]);
      expect(new URL(links[index]?.url ?? '').searchParams.get('x-oss-credential')).toContain(
        entry.session?.accessKeyId,
      );
    }
  });

  test('is refused once revoked, and the next one to the same file is not', async () => {
    const account = await desk.addRole();
    const one = await desk.links.issue(account, share(), { revocable: own });
    const other = await desk.links.issue(account, share(), { revocable: own });
    const plain = await desk.links.issue(account, share());
    expect(await status(one.url)).toBe(200);
    expect(await revoke(account, one.ledgerId)).toMatchObject({ kind: 'ended' });
    expect(await status(one.url)).toBe(403);
    expect([await status(other.url), await status(plain.url)]).toEqual([200, 200]);
  });

  test.each(['PUT', 'DELETE', 'HEAD'] as const)(
    'may be one for %s: a kept HEAD link shows the refusal',
    async (method) => {
      const account = await desk.addRole();
      const link = await desk.links.issue(account, share({ method, key: 'inbox/new.txt' }), { revocable: own });
      expect(await status(await probeOf(link.ledgerId), 'HEAD')).toBe(404);
      expect(await revoke(account, link.ledgerId)).toMatchObject({ kind: 'ended' });
      if (method === 'PUT') expect(await status(link.url, 'PUT')).toBe(403);
    },
  );

  test('leaves no secret in the ledger: the kept link is in the keychain alone', async () => {
    const account = await desk.addRole();
    const link = await desk.links.issue(account, share(), { revocable: own });
    const text = await readFile(join(desk.folder, 'ledger.jsonl'), 'utf8');
    const probe = await probeOf(link.ledgerId);
    for (const url of [link.url, probe]) {
      const params = new URL(url).searchParams;
      for (const name of ['x-oss-signature', 'x-oss-security-token']) {
        expect(params.get(name)?.length).toBeGreaterThan(20);
        expect(text).not.toContain(params.get(name));
      }
    }
    expect(text).toContain(desk.ledger.get(link.ledgerId).session?.principals[0]);
    // It reads what is known of the file, and no more.
    expect(await status(probe, 'HEAD')).toBe(200);
    expect(await status(probe)).toBe(403);
    await desk.ledger.remove([link.ledgerId]);
    expect(
      await desk.ledger.probes.find(new URL(link.url).searchParams.get('x-oss-credential')?.split('/')[0] ?? ''),
    ).toBeNull();
  });

  test('may do nothing but what it is for', async () => {
    const account = await desk.addRole();
    const link = await desk.links.issue(account, share(), { revocable: own });
    const other = link.url.replace('harbour.png', 'desk.jpg');
    expect(await status(other)).toBe(403);
    expect(await status(link.url, 'PUT')).toBe(403);
  });

  test('is made again so that it can be revoked alone', async () => {
    const account = await desk.addRole();
    const link = await desk.links.issue(account, share(), { revocable: own, recipient: 'Lin' });
    const renewed = await desk.renew(link.ledgerId);
    if (renewed.kind !== 'link') throw new Error(renewed.kind);
    const [first, second] = [link.ledgerId, renewed.link.ledgerId].map((id) => desk.ledger.get(id));
    expect(second?.session?.principals).toHaveLength(1);
    expect(second?.session?.principals).not.toEqual(first?.session?.principals);
  });

  test('needs a role, whose external ID stays with the account’s own', async () => {
    const account = await desk.addOwner();
    await expect(desk.links.issue(account, share(), { revocable: own })).rejects.toThrow(/ no-role$/);
    const link = await desk.links.issue(account, share(), { revocable: { roleArn: desk.run.server.roleArn } });
    expect(await revoke(account, link.ledgerId)).toMatchObject({ kind: 'ended' });
    const partner = desk.links.issue(account, share(), { revocable: { roleArn: partnerRole } });
    await expect(partner).rejects.toMatchObject({ failure: { cause: 'role-refused' } });
    const masked = { roleArn: 'acs:ram::100000000000****:role/waybill-practice' };
    await expect(desk.links.issue(account, share(), { revocable: masked })).rejects.toThrow(/ session-arn$/);
    expect(desk.ledger.all().filter(({ accountId }) => accountId === account)).toHaveLength(1);
  });
});

test('links that are shared together have one session, and are revoked together', async () => {
  const account = await desk.addRole();
  const keys = ['pictures/harbour.png', 'pictures/desk.jpg'];
  const options = { expiresSeconds: 3600, fileName: null, open: null };
  const batch: LinkBatchRequest = { bucket, keys, prefixes: [], format: 'text', options };
  const { links } = await desk.links.issueBatch(account, batch, { revocable: own }, {});
  const entries = desk.ledger.all().slice(0, keys.length);
  expect(new Set(entries.map(({ session }) => session?.accessKeyId)).size).toBe(1);
  const [first, second] = entries;
  expect(await revoke(account, first?.id ?? '')).toMatchObject({ kind: 'ended' });
  for (const { url } of links) expect(await status(url)).toBe(403);
  // The kept link stays as long as one of them is in the ledger.
  await desk.ledger.remove([first?.id ?? '']);
  expect(await probeOf(second?.id ?? '')).not.toBe('');
});

describe('how long it lasts', () => {
  test('is as long as it was asked for, up to twelve hours', async () => {
    const account = await desk.addRole(longRole, 43_200);
    const asked = share({ expiresSeconds: 7 * 24 * 3600 });
    const end = revocableEnd(desk.accounts, account, { lifetime: asked, role: own });
    const link = await desk.links.issue(account, asked, { revocable: own });
    expect(link.limitedBy).toBe('session');
    expect(Math.abs(link.validUntil - end)).toBeLessThan(5000);
    expect(Math.abs(link.validUntil - Date.now() - 12 * hour)).toBeLessThan(5000);
    desk.time.ahead = 11.9 * hour;
    expect(await status(link.url)).toBe(200);
    desk.time.ahead = 12.1 * hour;
    expect(await status(link.url)).toBe(403);
    expect(await revoke(account, link.ledgerId)).toEqual({ kind: 'expired' });
  });

  test('is what the account says of its own role, and what the role allows is asked for alone', async () => {
    const account = await desk.addRole(longRole, 3600);
    const asked = share({ expiresSeconds: 5 * 3600 });
    const short = await desk.links.issue(account, asked, { revocable: own });
    expect(Math.abs(short.validUntil - Date.now() - hour)).toBeLessThan(5000);
    const long = await desk.links.issue(account, { ...asked, renewSession: true }, { revocable: own });
    expect(Math.abs(long.validUntil - Date.now() - 5 * hour)).toBeLessThan(5000);
    const practice = await desk.addRole();
    const tooLong = desk.links.issue(practice, { ...asked, renewSession: true }, { revocable: own });
    await expect(tooLong).rejects.toMatchObject({ failure: { rule: 'session-too-long' } });
  });

  test('is an hour where temporary credentials assume the role', async () => {
    const { accessKey } = await desk.accounts.access(await desk.addRole()).session();
    const role = { roleArn: longRole, sessionName: 'waybill', durationSeconds: 43_200 };
    const draft = desk.run.draft({ ...accessKey, role, remember: false });
    const { id } = await desk.accounts.add(draft);
    expect(maxRevocableSeconds(desk.accounts.get(id), own)).toBe(3600);
    const link = await desk.links.issue(id, share({ expiresSeconds: 8 * 3600, renewSession: true }), {
      revocable: own,
    });
    expect(Math.abs(link.validUntil - Date.now() - hour)).toBeLessThan(5000);
  });
});
