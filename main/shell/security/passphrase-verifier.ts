import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** log2 of scrypt's N: 32 MiB and about a tenth of a second for each try. */
const LOG_N = 15;

const schema = z.object({
  salt: z.base64(),
  logN: z.int().min(10).max(20),
  hash: z.base64(),
});

/** A text by which a passphrase can be recognised, and from which it cannot be read. */
export async function makeVerifier(passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await hashOf(passphrase, salt, LOG_N);
  return JSON.stringify({ salt: salt.toString('base64'), logN: LOG_N, hash: hash.toString('base64') });
}

/** Whether the verifier was made of this passphrase; null where the text is no verifier. */
export async function verifies(verifier: string, passphrase: string): Promise<boolean | null> {
  const parsed = schema.safeParse(parseJson(verifier));
  if (!parsed.success) return null;
  const { salt, logN, hash } = parsed.data;
  const wanted = Buffer.from(hash, 'base64');
  const given = await hashOf(passphrase, Buffer.from(salt, 'base64'), logN);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function hashOf(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  const options = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) };
  return new Promise((done, failed) => {
    // The same passphrase may be typed as composed or decomposed letters.
    scrypt(passphrase.normalize('NFC'), salt, 32, options, (error, hash) =>
      error === null ? done(hash) : failed(error),
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
