import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Keychain, memoryKeychain } from '../../../../main/accounts/keychain.ts';
import { redact } from '../../../../main/accounts/redact.ts';
import { CdnDomains } from '../../../../main/links/cdn/cdn-domains.ts';
import { canary } from '../../../support/canaries.ts';

const ACCOUNT = '5b0f3a52-6d0f-4f7e-9d8b-0d5f0a4c1b11';
const OTHER = '5b0f3a52-6d0f-4f7e-9d8b-0d5f0a4c1b12';
const KEY = 'Stored0123456789abcd';
const NEXT = 'Another0123456789abc';
canary('the key of the CDN', KEY);
const settings = { domain: 'cdn.example.com', auth: { type: 'A' }, validitySeconds: 600 } as const;

/** A keychain of the system, which outlives the app. */
function savingKeychain(): Keychain {
  return { ...memoryKeychain(), status: () => Promise.resolve('available') };
}

async function open(keychain: Keychain): Promise<{ readonly path: string; readonly domains: CdnDomains }> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-cdn-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'cdn.json');
  return { path, domains: await CdnDomains.open(path, keychain) };
}

test('a domain is in the file and its key in the keychain, and both are there after a restart', async () => {
  const keychain = savingKeychain();
  const { path, domains } = await open(keychain);
  await domains.save(ACCOUNT, 'b', { ...settings, domain: 'https://CDN.example.com/' }, KEY);
  expect(await readFile(path, 'utf8')).not.toContain(KEY);
  const again = await CdnDomains.open(path, keychain);
  const [stored] = again.list(ACCOUNT, 'b');
  if (stored === undefined) throw new Error('not stored');
  expect(stored).toMatchObject(settings);
  const owner = await again.key(stored);
  expect(owner).toEqual({ cdnKey: KEY });
  expect(redact(`${KEY} ${owner.cdnKey}`)).not.toContain(KEY.slice(0, 18));
});

test('without a keychain the key lasts until Waybill quits, and is asked for then', async () => {
  const { path, domains } = await open(memoryKeychain());
  const stored = await domains.save(ACCOUNT, 'b', settings, KEY);
  expect(await domains.key(stored)).toEqual({ cdnKey: KEY });
  const again = await CdnDomains.open(path, memoryKeychain());
  await expect(again.key(stored)).rejects.toMatchObject({ failure: { rule: 'cdn-no-key' } });
  domains.clear();
  await expect(domains.key(stored)).rejects.toMatchObject({ failure: { rule: 'cdn-no-key' } });
});

test('a change keeps the key and its links together; another key is another signer, and the old one is forgotten', async () => {
  const keychain = savingKeychain();
  const { domains } = await open(keychain);
  const first = await domains.save(ACCOUNT, 'b', settings, KEY);
  const changed = await domains.save(ACCOUNT, 'b', { ...settings, auth: { type: 'B' } }, '');
  expect(changed).toMatchObject({ keyId: first.keyId, auth: { type: 'B' } });
  const next = await domains.save(ACCOUNT, 'b', settings, NEXT);
  expect(next.keyId).not.toBe(first.keyId);
  expect(domains.list(ACCOUNT, 'b')).toEqual([next]);
  await expect(domains.key(first)).rejects.toMatchObject({ failure: { rule: 'cdn-no-key' } });
  expect(await domains.key(next)).toEqual({ cdnKey: NEXT });
});

test('a removed domain, and all of a removed account, leave no key behind', async () => {
  const keychain = savingKeychain();
  const { domains } = await open(keychain);
  const mine = await domains.save(ACCOUNT, 'b', settings, KEY);
  const second = await domains.save(ACCOUNT, 'c', settings, KEY);
  const others = await domains.save(OTHER, 'b', settings, KEY);
  await domains.remove({ accountId: ACCOUNT, bucket: 'b', domain: settings.domain });
  await domains.removeAccount(ACCOUNT);
  for (const gone of [mine, second]) await expect(domains.key(gone)).rejects.toThrow('cdn-no-key');
  expect(domains.list(ACCOUNT, 'c')).toEqual([]);
  expect(await domains.key(others)).toEqual({ cdnKey: KEY });
  await domains.removeAll();
  expect(domains.list(OTHER, 'b')).toEqual([]);
});

test('what can not be a domain or a key is refused, and a new domain needs one', async () => {
  const { domains } = await open(savingKeychain());
  const oss = { ...settings, domain: 'b.oss-cn-hangzhou.aliyuncs.com' };
  await expect(domains.save(ACCOUNT, 'b', oss, KEY)).rejects.toThrow('cdn-oss-host');
  await expect(domains.save(ACCOUNT, 'b', settings, 'short')).rejects.toThrow('cdn-key');
  await expect(domains.save(ACCOUNT, 'b', settings, '')).rejects.toThrow('cdn-key');
  expect(() => domains.get({ accountId: ACCOUNT, bucket: 'b', domain: settings.domain })).toThrow('unknown');
});

test('changes at once lose none', async () => {
  const { path, domains } = await open(savingKeychain());
  const names = Array.from({ length: 8 }, (_, index) => `c${String(index)}.example.com`);
  await Promise.all(names.map((domain) => domains.save(ACCOUNT, 'b', { ...settings, domain }, KEY)));
  const again = await CdnDomains.open(path, savingKeychain());
  expect(again.list(ACCOUNT, 'b').map(({ domain }) => domain)).toEqual(names);
});

test('the validity of a host is known where all that is known of it agrees', async () => {
  const { domains } = await open(savingKeychain());
  await domains.save(ACCOUNT, 'b', { ...settings, domain: 'http://cdn.example.com:8080' }, KEY);
  expect(domains.validityOf('cdn.example.com:8080')).toBe(600);
  expect(domains.validityOf('cdn.example.com')).toBeNull();
  await domains.save(OTHER, 'b', { ...settings, domain: 'http://cdn.example.com:8080', validitySeconds: 60 }, KEY);
  expect(domains.validityOf('cdn.example.com:8080')).toBeNull();
});

test('a file that is damaged is set aside and told', async () => {
  const { path } = await open(savingKeychain());
  await writeFile(path, '{"version":1,"domains":[{"domain":1}]}');
  const domains = await CdnDomains.open(path, savingKeychain());
  expect(domains.troubles).toMatchObject([{ kind: 'damaged' }]);
});
