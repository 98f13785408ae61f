import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { osKeychain } from '../../../main/accounts/keychain.ts';
import { makeKeyringFolder, type SecretService, startSecretService } from './secret-service.ts';

let service: SecretService;
let folder: Awaited<ReturnType<typeof makeKeyringFolder>>;

beforeAll(async () => {
  folder = await makeKeyringFolder();
  service = await startSecretService(folder.path, 'pw');
  Object.assign(process.env, service.environment);
});

afterAll(async () => {
  await service.stop();
  await folder.remove();
});

const secret = { accessKeySecret: 's', securityToken: null };
const locked = { failure: { kind: 'keychain', reason: 'locked' } };

describe('a keychain that does not answer, as while it waits for a password', () => {
  const keychain = osKeychain({ statusMs: 300, promptMs: 600 });
  const ids = Array.from({ length: 10 }, () => crypto.randomUUID());

  test('holds nobody up for longer than the limits, and blocks no more than one thread', async () => {
    expect(await keychain.status()).toBe('available');
    await service.freeze();
    const calls = ids.map((id) => keychain.set(id, secret));
    for (const call of calls) await expect(call).rejects.toMatchObject(locked);
    expect(await keychain.status()).toBe('locked');
    await expect(keychain.get(crypto.randomUUID())).rejects.toMatchObject(locked);
    const reads = Array.from({ length: 50 }, () => readFile(import.meta.filename, 'utf8'));
    expect(await Promise.all(reads)).toHaveLength(50);
  });

  test('works again once it answers, and what was waiting for its turn is not done after all', async () => {
    await service.thaw();
    const other = crypto.randomUUID();
    await keychain.set(other, secret);
    expect(await keychain.get(other)).toEqual(secret);
    expect(await keychain.status()).toBe('available');
    for (const id of ids.slice(1)) expect(await keychain.get(id)).toBeNull();
  });
});
