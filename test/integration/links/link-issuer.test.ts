import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectMoment } from '../../support/moments.ts';
import { request } from 'undici';
import { checkTargets } from '../../../main/links/ledger/ledger-check.ts';
import { revokePlan } from '../../../main/links/ledger/revoke-plan.ts';
import { sessionEndForLink } from '../../../main/links/making/link-session.ts';
import { linkPolicy } from '../../../main/accounts/sts/policy.ts';
import { type LinkRequest, signLink } from '../../../main/links/making/sign-link.ts';
import { deleteObject } from '../../../main/oss/operations/deletes.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { longRole, makeDesk } from './desk.ts';

const minute = 60_000;
const bucket = 'waybill-samples';
let desk: Awaited<ReturnType<typeof makeDesk>>;

beforeAll(async () => {
  desk = await makeDesk();
});

afterEach(() => {
  desk.time.ahead = 0;
});

afterAll(() => desk.close());

function share(fields: Partial<LinkRequest> = {}): LinkRequest {
  return {
    bucket,
    key: 'pictures/harbour.png',
    versionId: null,
    expiresSeconds: 3600,
    fileName: null,
    open: 'download',
    ...fields,
  };
}

const status = (url: string, method: 'GET' | 'PUT' = 'GET'): Promise<number> =>
  fetchStatus(url, { method, body: method === 'PUT' ? 'x' : null });

async function fetchStatus(url: string, options: Parameters<typeof request>[1]): Promise<number> {
  const reply = await request(url.replace(/#.*/, ''), { ...options, dispatcher: desk.run.dispatcher });
  await reply.body.dump();
  return reply.statusCode;
}

describe('every link that is made', () => {
  test('is in the ledger, without URL, signature or token', async () => {
    const id = await desk.addRole();
    const link = await desk.links.issue(id, share(), { note: 'for the wall', recipient: 'Lin' });
    const entry = desk.ledger.get(link.ledgerId);
    expect(entry).toMatchObject({
      what: { kind: 'link', method: 'GET', bucket, key: 'pictures/harbour.png', versionId: null },
      signer: { kind: 'role', roleArn: desk.run.server.roleArn, own: false },
      options: { expiresSeconds: 3600, open: 'download' },
      validUntil: link.validUntil,
      note: 'for the wall',
      recipient: 'Lin',
      state: 'live',
    });
    const secrets = new URL(link.url).searchParams;
    const text = JSON.stringify(entry);
    for (const name of ['x-oss-signature', 'x-oss-security-token']) {
      const secret = secrets.get(name) ?? '';
      expect(secret.length).toBeGreaterThan(20);
      expect(text).not.toContain(secret);
    }
  });

  test('is made again with the same options, to last as long', async () => {
    const id = await desk.addOwner();
    const object = { bucket, key: 'pictures/harbour.png', versionId: null };
    const options = { fileName: 'Harbour.png', open: null, validUntil: Date.now() + 30 * minute };
    const link = await desk.links.issue(id, { ...object, ...options }, { recipient: 'Lin' });
    desk.time.ahead = 40 * minute;
    expect(desk.ledger.get(link.ledgerId).state).toBe('ended');
    const renewed = await desk.renew(link.ledgerId);
    if (renewed.kind !== 'link') throw new Error(renewed.kind);
    const entry = desk.ledger.get(renewed.link.ledgerId);
    expect(entry).toMatchObject({ renews: link.ledgerId, recipient: 'Lin', options: { fileName: 'Harbour.png' } });
    expect(Math.round((entry.validUntil - entry.madeAt) / minute)).toBe(30);
    expect(await status(renewed.link.url)).toBe(200);
    expect(await status(link.url)).toBe(403);
  });

  test('with options that this version does not know is not made again', async () => {
    const id = await desk.addOwner();
    const { ledgerId } = await desk.links.issue(id, share());
    const { options, ...entry } = desk.ledger.get(ledgerId);
    const [other = ''] = await desk.ledger.record([{ ...entry, options: { ...options, open: 'sideways' } }]);
    await expect(desk.renew(other)).rejects.toMatchObject({ failure: { field: 'options', rule: 'not-renewable' } });
  });

  test('of an account that is gone can be looked at but not made again', async () => {
    const id = await desk.addOwner();
    const { ledgerId } = await desk.links.issue(id, share());
    await desk.accounts.remove(id);
    expect(desk.ledger.get(ledgerId).accountName).toBe('Work');
    await expect(desk.renew(ledgerId)).rejects.toMatchObject({ failure: { field: 'account', rule: 'unknown' } });
  });
});

describe('a session of its own', () => {
  test('signs one link, opens that object alone, and lives as long as the link', async () => {
    const id = await desk.addRole(longRole, 7200);
    const link = await desk.links.issue(id, share({ expiresSeconds: 5400 }), { ownSession: true });
    expect(link).toMatchObject({ limitedBy: 'expiry' });
    expect(desk.ledger.get(link.ledgerId).signer).toMatchObject({ kind: 'role', own: true });
    expect(await status(link.url)).toBe(200);
    const other = await desk.accounts.session(id);
    expect(link.url).not.toContain(other.accessKey.accessKeyId);
    desk.time.ahead = 89 * minute;
    expect(await status(link.url)).toBe(200);
    desk.time.ahead = 91 * minute;
    expect(await status(link.url)).toBe(403);
  });

  test('for an upload may write and nothing else', async () => {
    const id = await desk.addRole();
    const link = await desk.links.issue(id, share({ method: 'PUT', key: 'inbox/own.txt', open: null }), {
      ownSession: true,
    });
    expect(await status(link.url, 'PUT')).toBe(200);
    expect(await status(link.url)).toBe(403);
  });

  test('for an upload with tags and an ACL may set both, which a right to write alone can’t', async () => {
    const id = await desk.addRole();
    const upload = { tags: { project: 'harbour' }, acl: 'private' as const };
    const asked = share({ method: 'PUT', key: 'inbox/tagged.txt', open: null, upload });
    const link = await desk.links.issue(id, asked, { ownSession: true });
    expect(Object.keys(link.headers)).toEqual(['x-oss-object-acl', 'x-oss-tagging']);
    const send = (url: string): Promise<number> =>
      fetchStatus(url, { method: 'PUT', body: 'x', headers: link.headers });
    expect(await send(link.url)).toBe(200);
    const policy = linkPolicy({ method: 'PUT', bucket, key: asked.key, versionId: null, headers: {} });
    const wanted = { roleArn: desk.run.server.roleArn, sessionName: 'write', durationSeconds: 900, policy };
    const session = await desk.accounts.access(id).assume(wanted);
    const connection = {
      ...(await desk.accounts.connection(id, bucket)),
      accessKey: () => Promise.resolve(session.accessKey),
    };
    expect(await send(signLink(connection, session, asked).url)).toBe(403);
  });

  test('limits the link where the role allows no longer one', async () => {
    const start = Date.now();
    const id = await desk.addRole(longRole, 900);
    const link = await desk.links.issue(id, share(), { ownSession: true });
    expect(link.limitedBy).toBe('session');
    expectMoment(link.validUntil, start, 15 * minute);
  });

  test('of the account is renewed for a link that asks for it, as long as the link', async () => {
    const id = await desk.addRole(longRole, 900);
    const account = desk.accounts.get(id);
    const own = Number((await desk.accounts.session(id)).validUntil);
    const asked = { seconds: 7200, renew: true };
    const start = Date.now();
    const end = Number(await sessionEndForLink(desk.accounts, account, asked));
    expectMoment(end, start, 120 * minute);
    const link = await desk.links.issue(id, share({ expiresSeconds: 7200, renewSession: true }));
    expectMoment(link.validUntil, start, 120 * minute);
    expect(await sessionEndForLink(desk.accounts, account, { seconds: 600, renew: false })).toBe(own);
    const owner = desk.accounts.get(await desk.addOwner());
    expect(await sessionEndForLink(desk.accounts, owner, asked)).toBeNull();
  });

  test('needs a role', async () => {
    const id = await desk.addOwner();
    await expect(desk.links.issue(id, share(), { ownSession: true })).rejects.toMatchObject({
      failure: { rule: 'no-role' },
    });
  });
});

describe('links of many objects', () => {
  const lasting = { expiresSeconds: 3600, fileName: null, open: null };
  const folder = { bucket, keys: [], prefixes: ['reports/'], format: 'json' as const, options: lasting };

  test('are each in the ledger, as they were made', async () => {
    const id = await desk.addOwner();
    const { links, madeAt } = await desk.links.issueBatch(id, folder, { note: 'all', recipient: 'Lin' }, {});
    expect(links.length).toBeGreaterThan(1);
    const entries = desk.ledger.all().slice(0, links.length);
    expect(entries.map(({ what }) => what)).toEqual(
      links.map(({ key }) => ({ kind: 'link', method: 'GET', bucket, key, versionId: null })).reverse(),
    );
    for (const entry of entries) {
      expect(entry).toMatchObject({ madeAt, note: 'all', recipient: 'Lin', signer: { kind: 'key' }, options: lasting });
    }
    expect(await status(links[0]?.url ?? '')).toBe(200);
  });

  test('can be signed with a session of their own, which opens their folder alone', async () => {
    const id = await desk.addRole(longRole, 7200);
    const { links } = await desk.links.issueBatch(id, folder, { ownSession: true }, {});
    const [first] = desk.ledger.all();
    expect(first?.signer).toMatchObject({ kind: 'role', own: true });
    const { accessKey } = await desk.accounts.session(id);
    for (const { url } of links) {
      expect(url).not.toContain(accessKey.accessKeyId);
      expect(await status(url)).toBe(200);
    }
  });

  test('of which some cannot be made name those', async () => {
    const id = await desk.addOwner();
    const keys = Array.from({ length: 40 }, (_, index) => `none/${index}`);
    const plain = { ...folder, prefixes: [], keys: ['', 'a'] };
    const { links, failed } = await desk.links.issueBatch(id, plain, {}, {});
    expect(links.map(({ key }) => key)).toEqual(['a']);
    expect(failed).toMatchObject([{ key: '', failure: { kind: 'input', rule: 'key-empty' } }]);
    // A manifest asks for each object: those that are not there have no link.
    const there = 'pictures/harbour.png';
    const manifest = { ...plain, format: 'manifest' as const, keys: [...keys, there] };
    const listed = await desk.links.issueBatch(id, manifest, {}, {});
    expect(listed.failed.map(({ key }) => key)).toEqual(keys);
    expect(listed.links.map(({ key }) => key)).toEqual([there]);
  });

  test('that were cancelled are not recorded', async () => {
    const id = await desk.addOwner();
    const before = desk.ledger.all().length;
    const stop = new AbortController();
    stop.abort();
    await expect(desk.links.issueBatch(id, folder, {}, { signal: stop.signal })).rejects.toThrow();
    const few = { ...folder, prefixes: [], keys: ['reports/none'] };
    await expect(desk.links.issueBatch(id, few, {}, { signal: stop.signal })).rejects.toThrow();
    expect(desk.ledger.all()).toHaveLength(before);
  });

  test('to upload take their files once, and are each in the ledger', async () => {
    const id = await desk.addOwner();
    const slots = { names: ['front.jpg', 'back.jpg'] };
    const asked = { bucket, prefix: 'issued/', slots, options: lasting };
    const { request, validity } = await desk.links.issueUploadRequest(id, asked, { recipient: 'Lin' });
    expect(desk.ledger.all().slice(0, 2)).toMatchObject(
      ['issued/back.jpg', 'issued/front.jpg'].map((key) => {
        const what = { kind: 'link', method: 'PUT', bucket, key, versionId: null };
        return { what, recipient: 'Lin', validUntil: validity.validUntil };
      }),
    );
    const [slot] = request.slots;
    const send = () =>
      fetchStatus(slot?.url ?? '', { method: 'PUT', headers: slot?.headers ?? {}, body: Buffer.from('x') });
    expect([await send(), await send()]).toEqual([200, 409]);
  });
});

test('the ledger learns which objects are gone, and that one came back', async () => {
  const id = await desk.addOwner();
  const connection = await desk.accounts.connection(id, bucket);
  const put = (key: string) => putObject(connection, { bucket, key, body: Buffer.from('x'), sizeBytes: 1 });
  await put('gone.txt');
  const gone = await desk.links.issue(id, share({ key: 'gone.txt' }));
  const there = await desk.links.issue(id, share());
  const upload = await desk.links.issue(id, share({ method: 'PUT', key: 'never.txt', open: null }));
  await deleteObject(connection, { bucket, key: 'gone.txt' });
  const ids = [gone, there, upload].map(({ ledgerId }) => ledgerId);
  const statesOf = () => ids.map((entry) => desk.ledger.get(entry).state);
  expect(await checkTargets(desk.accounts, desk.ledger, ids)).toBe(2);
  expect(statesOf()).toEqual(['target-gone', 'live', 'live']);
  // Asked again, nothing changes: neither the time nor the file.
  const { goneAt } = desk.ledger.get(gone.ledgerId);
  let changes = 0;
  const stop = desk.ledger.onChange(() => (changes += 1));
  expect(await checkTargets(desk.accounts, desk.ledger, ids)).toBe(2);
  stop();
  expect(changes).toBe(0);
  expect(desk.ledger.get(gone.ledgerId).goneAt).toBe(goneAt);
  await put('gone.txt');
  await checkTargets(desk.accounts, desk.ledger, ids);
  expect(statesOf()).toEqual(['live', 'live', 'live']);
});

test('what a plan says dies with an object does die', async () => {
  const id = await desk.addOwner();
  const connection = await desk.accounts.connection(id, bucket);
  await putObject(connection, { bucket, key: 'plan.txt', body: Buffer.from('x'), sizeBytes: 1 });
  const [one, two] = [
    await desk.links.issue(id, share({ key: 'plan.txt' })),
    await desk.links.issue(id, share({ key: 'plan.txt' })),
  ];
  const other = await desk.links.issue(id, share());
  const plan = revokePlan(desk.ledger.get(one.ledgerId), desk.ledger.all());
  const deletion = plan.remedies.find(({ remedy }) => remedy.kind === 'delete-object');
  expect(deletion?.alsoEnds).toContain(two.ledgerId);
  expect(deletion?.alsoEnds).not.toContain(other.ledgerId);
  await deleteObject(connection, { bucket, key: 'plan.txt' });
  expect([await status(one.url), await status(two.url), await status(other.url)]).toEqual([404, 404, 200]);
});
