import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { osKeychain } from '../../../main/accounts/keychain.ts';
import { makeKeyringFolder, type SecretService, startSecretService, withKeytar } from './secret-service.ts';

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

const keychain = osKeychain();
const secret = { accessKeySecret: '秘密 "+/=', securityToken: 'CAIS'.repeat(500) };

describe('a real Secret Service', () => {
  test('says that it is available', async () => {
    expect(await keychain.status()).toBe('available');
  });

  test('gives back what was kept, until it is deleted', async () => {
    const id = crypto.randomUUID();
    expect(await keychain.get(id)).toBeNull();
    await keychain.set(id, secret);
    expect(await keychain.get(id)).toEqual(secret);
    await keychain.set(id, { accessKeySecret: 'new', securityToken: null });
    expect(await keychain.get(id)).toEqual({ accessKeySecret: 'new', securityToken: null });
    await keychain.delete(id);
    expect(await keychain.get(id)).toBeNull();
    await keychain.delete(id);
  });

  test('shows our secrets under the name Waybill', async () => {
    const id = crypto.randomUUID();
    await keychain.set(id, secret);
    const seen = await withKeytar(service, `await keytar.getPassword('Waybill', '${id}')`);
    expect(JSON.parse(seen)).toEqual(secret);
  });

  test('an entry that somebody spoilt counts as missing', async () => {
    const id = crypto.randomUUID();
    await withKeytar(service, `await keytar.setPassword('Waybill', '${id}', 'hello')`);
    expect(await keychain.get(id)).toBeNull();
  });

  test('calls at the same time do not disturb each other', async () => {
    const ids = Array.from({ length: 20 }, () => crypto.randomUUID());
    await Promise.all(ids.map((id) => keychain.set(id, { accessKeySecret: id, securityToken: null })));
    const kept = await Promise.all(ids.map((id) => keychain.get(id)));
    expect(kept.map((one) => one?.accessKeySecret)).toEqual(ids);
  });
});
