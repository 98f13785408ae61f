import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** log2 of scrypt's N in new verifiers: each check takes 128 MiB and about 0.4 s. Earlier versions wrote 15. */
const LOG_N = 17;

const schema = z.object({
  salt: z.base64(),
  logN: z.int().min(10).max(20),
  hash: z.base64(),
});

/** Creates a salted scrypt hash that a passphrase can be checked against. @returns JSON text */
export async function createVerifier(passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await hashOf(passphrase, salt, LOG_N);
  return JSON.stringify({ salt: salt.toString('base64'), logN: LOG_N, hash: hash.toString('base64') });
}

/** Whether the passphrase matches the verifier; null if the text isn't a valid verifier. */
export async function verifies(verifier: string, passphrase: string): Promise<boolean | null> {
  const parsed = schema.safeParse(parseJson(verifier));
  if (!parsed.success) return null;
  const { salt, logN, hash } = parsed.data;
  const expected = Buffer.from(hash, 'base64');
  const actual = await hashOf(passphrase, Buffer.from(salt, 'base64'), logN);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Whether an earlier version made the verifier, so that guesses cost less than they would today. */
export function isOutdated(verifier: string): boolean {
  const parsed = schema.safeParse(parseJson(verifier));
  return parsed.success && parsed.data.logN < LOG_N;
}

function hashOf(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  const options = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) };
  return new Promise((resolve, reject) => {
    // Keyboards differ: the same passphrase may arrive composed or decomposed.
    scrypt(passphrase.normalize('NFC'), salt, 32, options, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    );
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
