import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CdnDomain } from '../../../main/links/cdn/cdn-auth.ts';
import type { CdnDomainRef } from '../../../main/links/cdn/cdn-domains.ts';
import { revokePlan } from '../../../main/links/ledger/revoke-plan.ts';
import { exportLedger } from '../../../main/links/ledger/ledger-export.ts';
import { canary } from '../../support/canaries.ts';
import { type Edge, startEdge } from '../../support/cdn-edge.ts';
import { makeDesk } from './desk.ts';

const KEY = 'Issued0123456789abcd';
const NEXT = 'Changed0123456789abc';
canary('the key of the CDN', KEY);
let desk: Awaited<ReturnType<typeof makeDesk>>;
let edge: Edge;

beforeAll(async () => {
  desk = await makeDesk();
  edge = await startEdge({ type: 'A', keys: [KEY], ttl: 1800 }, { '/a.txt': 'a', '/b.txt': 'b' });
});
afterAll(() => Promise.all([desk.close(), edge.close()]));

/** A new account, and the CDN domain of its bucket. */
const addSubject = async (): Promise<CdnDomainRef> => {
  const accountId = await desk.addOwner();
  return { accountId, bucket: 'waybill-samples', domain: edge.origin };
};

const saveDomain = (
  { accountId, bucket, domain }: CdnDomainRef,
  key: string,
  settings: Omit<CdnDomain, 'domain'> = { auth: { type: 'A' }, validitySeconds: 1800 },
): Promise<unknown> => desk.cdnDomains.save(accountId, bucket, { domain, ...settings }, key);

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

test('a link is recorded with what signed it, renewed with the same options, and ends with its key', async () => {
  const subject = await addSubject();
  await saveDomain(subject, KEY);
  const options = { expiresSeconds: 7200, process: 'image/resize,w_20' };
  const made = await desk.cdn.issue({ ...subject, key: 'a.txt', options }, { recipient: 'Mei' });
  expect(await statusOf(made.url)).toBe(200);
  const entry = desk.ledger.get(made.ledgerId);
  expect(entry).toMatchObject({
    ...{ what: { kind: 'link', method: 'GET', key: 'a.txt' }, signer: { kind: 'cdn', domain: edge.origin, auth: 'A' } },
    ...{ options, recipient: 'Mei', state: 'live', validUntil: made.validUntil },
  });
  expect(exportLedger([entry], 'csv')).toContain(edge.origin);
  expect(JSON.stringify(entry)).not.toMatch(/[0-9a-f]{32}(?!-)/);

  const again = await desk.renew(made.ledgerId);
  if (again.kind !== 'link') throw new Error(again.kind);
  expect(await statusOf(again.link.url)).toBe(200);
  expect(again.link.url).toContain('x-oss-process=image%2Fresize%2Cw_20');
  expect(desk.ledger.get(again.link.ledgerId)).toMatchObject({ renews: made.ledgerId, recipient: 'Mei' });

  const other = await desk.cdn.issue({ ...subject, key: 'b.txt', options: { expiresSeconds: 60 } });
  await saveDomain(subject, NEXT);
  const later = await desk.cdn.issue({ ...subject, key: 'b.txt', options: { expiresSeconds: 3600 } });
  const plan = revokePlan(desk.ledger.get(made.ledgerId), desk.ledger.all());
  const [, ...remedies] = plan.remedies;
  const byKey = remedies.find(({ remedy }) => remedy.kind === 'change-cdn-key');
  expect(byKey?.remedy).toEqual({ kind: 'change-cdn-key', domain: edge.origin });
  expect(byKey?.alsoEnds.toSorted()).toEqual([again.link.ledgerId, other.ledgerId].toSorted());
  expect(byKey?.alsoEnds).not.toContain(later.ledgerId);
  // A CDN may serve what it has in its caches, so deleting the file is not sure to end another link to it.
  const deletion = remedies.find(({ remedy }) => remedy.kind === 'delete-object');
  expect(deletion).toMatchObject({ alsoEnds: [], mayEnd: [again.link.ledgerId] });
  expect(remedies.map(({ remedy }) => remedy.kind).toSorted()).toEqual(['change-cdn-key', 'delete-object']);

  edge.rules = { type: 'A', keys: [NEXT], ttl: 1800 };
  expect(await Promise.all([made, again.link, other].map(({ url }) => statusOf(url)))).toEqual([403, 403, 403]);
  expect(await statusOf(later.url)).toBe(200);
});

test('a link can be kept in the keychain, and only the own link of an entry', async () => {
  const subject = await addSubject();
  await saveDomain(subject, KEY);
  const made = await desk.cdn.issue({ ...subject, key: 'a.txt', options: { expiresSeconds: 600 } });
  const other = await desk.cdn.issue({ ...subject, key: 'b.txt', options: { expiresSeconds: 600 } });
  await expect(desk.ledger.storeUrl(made.ledgerId, other.url)).rejects.toThrow('other-link');
  await desk.ledger.storeUrl(made.ledgerId, made.url);
  expect(await desk.ledger.storedUrl(made.ledgerId)).toBe(made.url);
});

test('what a link would be is told before there is one, and nothing is recorded for it or for a test', async () => {
  const subject = await addSubject();
  const names = { sign: 'sign', time: 'time' };
  const auth = { type: 'F', names, time: 'hex', path: 'encoded' } as const;
  await saveDomain(subject, KEY, { auth, validitySeconds: 60 });
  const before = desk.ledger.all().length;
  const request = { ...subject, key: 'a.txt', options: { expiresSeconds: 600, process: 'style/x' } };
  expect(desk.cdn.plan(request)).toMatchObject({ problems: [{ rule: 'cdn-no-query' }] });
  await expect(desk.cdn.issue(request)).rejects.toThrow('cdn-no-query');
  edge.rules = { type: 'F', keys: [KEY], ttl: 60 };
  expect(await desk.cdn.check({ ...request, options: { expiresSeconds: 600 } })).toEqual({ kind: 'works' });
  edge.rules = { type: 'F', keys: [NEXT], ttl: 60 };
  expect(await desk.cdn.check({ ...request, options: { expiresSeconds: 600 } })).toEqual({ kind: 'refused' });
  expect(desk.ledger.all()).toHaveLength(before);
});
