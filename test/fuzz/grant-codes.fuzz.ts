// Access codes that strangers send. They are sealed here as the format says, with cheap keys, so that millions can be tried.
import { createCipheriv, createHash, scryptSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFailure } from '../../main/failure.ts';
import { openGrant } from '../../main/links/grants/grant-code.ts';
import { altered, anyText, fuzz, mangled } from './runs.ts';

const passphrase = 'seven wombats juggle';
const grant = {
  accessKeyId: 'STS.Example',
  accessKeySecret: 'SECRET',
  securityToken: 'TOKEN',
  validUntil: 1_795_000_000_000,
  bucket: 'samples',
  keys: ['a/运单.pdf'],
  prefixes: ['b/'],
  allow: ['read', 'list'],
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  region: 'cn-hangzhou',
  cname: false,
  signVersion: 'v4',
};

/** The bytes of a code: version, log2 N, length of the sealed part, salt, nonce, sealed part. */
function seal(contents: string, logN: number): Buffer {
  const text = Buffer.from(contents);
  const head = Buffer.from([1, logN, (text.length + 16) >> 8, (text.length + 16) & 0xff]);
  const salt = Buffer.alloc(16, 7);
  const nonce = Buffer.alloc(12, 9);
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, { N: 2 ** logN, r: 8, p: 1 }), nonce);
  cipher.setAAD(head);
  return Buffer.concat([head, salt, nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** A code with its checksum, as it is pasted. */
function pack(bytes: Buffer): string {
  const checksum = createHash('sha256').update(bytes).digest().subarray(0, 4);
  return `waybill-grant:${Buffer.concat([bytes, checksum]).toString('base64url')}`;
}

/** Opens it, or refuses it as input; and says which. */
async function tryToOpen(code: string): Promise<'opened' | 'refused'> {
  try {
    await openGrant(code, passphrase);
    return 'opened';
  } catch (error) {
    expect(toFailure(error)).toMatchObject({ kind: 'input' });
    return 'refused';
  }
}

const sealed = seal(JSON.stringify(grant), 1);

test('an access code that was changed anywhere, its checksum made to fit, is refused as input', async () => {
  expect(await tryToOpen(pack(sealed))).toBe('opened');
  const byte = fc.record({ at: fc.nat(sealed.length - 1), to: fc.nat(255) });
  await fuzz(
    'grant codes',
    fc.asyncProperty(fc.array(byte, { minLength: 1, maxLength: 4 }), fc.nat(sealed.length), async (bytes, length) => {
      const changed = Buffer.from(sealed);
      // A costly key would only take time: the greatest that is taken is tried in the tests of codes.
      for (const { at, to } of bytes) changed[at] = at === 1 ? to % 5 : to;
      const isSame = changed.equals(sealed);
      expect(await tryToOpen(pack(changed))).toBe(isSame ? 'opened' : 'refused');
      if (length < sealed.length) expect(await tryToOpen(pack(changed.subarray(0, length)))).toBe('refused');
    }),
    { among: 2, inputsEach: 2 },
  );
});

test('a text that holds a code, or what is left of it, is opened or refused as input', async () => {
  const text = fc.oneof(anyText, mangled(fc.constantFrom(pack(sealed), `Here:\n${pack(sealed)}\nBye`)));
  await fuzz(
    'grant codes',
    fc.asyncProperty(text, async (code) => void (await tryToOpen(code))),
    { among: 2 },
  );
});

test('whatever an access code holds, once it is decrypted, is a grant or refused as input', async () => {
  const contents = fc.oneof({ weight: 3, arbitrary: altered([grant]) }, anyText);
  await fuzz(
    'grant codes with their key derivation',
    fc.asyncProperty(contents, fc.integer({ min: 1, max: 12 }), async (text, logN) => {
      await tryToOpen(pack(seal(text, logN)));
    }),
    { sample: 50 },
  );
});
