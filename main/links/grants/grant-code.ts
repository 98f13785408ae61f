import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { checkPassphrase } from '../../accounts/passphrases/strength.ts';
import { GRANT_PREFIX } from '../../accounts/pasting/paste.ts';
import { permissions } from '../../accounts/sts/policy.ts';
import { WaybillError } from '../../failure.ts';
import type { Grant } from './grant.ts';

const VERSION = 1;
/**
 * log2 of scrypt's N in new codes: each guess costs 128 MiB and about 0.4 s. Earlier versions wrote 15, and open 17 too.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const LOG_N = 17;
/** Codes come from strangers and must not make scrypt take seconds or gigabytes. */
const MAX_LOG_N = 17;

/**
 * A code is base64url of: version, log2 N, length of the sealed part (2 bytes), salt, nonce, sealed part, checksum.
 * The length finds the code's end in a longer text. The checksum distinguishes a damaged code from a wrong passphrase.
 */
const SALT_AT = 4;
const NONCE_AT = SALT_AT + 16;
const SEALED_AT = NONCE_AT + 12;
const TAG_BYTES = 16;
const CHECK_BYTES = 4;

const contents = z.object({
  accessKeyId: z.string().min(1).max(128),
  accessKeySecret: z.string().min(1).max(256),
  securityToken: z.string().min(1).max(8192),
  validUntil: z.int().positive(),
  bucket: z.string().min(3).max(63),
  keys: z.array(z.string().max(1023)).max(1000),
  prefixes: z.array(z.string().max(1023)).max(1000),
  allow: z.array(z.enum(permissions)),
  endpoint: z.string().min(1).max(300),
  region: z.string().min(1).max(64),
  cname: z.boolean(),
  signVersion: z.enum(['v4', 'v1']),
});

/** Encrypts a grant with a passphrase. @throws WaybillError `input` for a weak passphrase or a grant over 64 KiB */
export async function sealGrant({ accessKey, ...grant }: Grant, passphrase: string): Promise<string> {
  // Anyone with the code can guess without limit.
  checkPassphrase(passphrase, 'grant');
  const text = Buffer.from(JSON.stringify({ ...accessKey, ...grant }));
  const head = Buffer.alloc(SALT_AT);
  head.set([VERSION, LOG_N]);
  if (text.length + TAG_BYTES > 0xffff) {
    throw new WaybillError({ kind: 'input', field: 'scope', rule: 'grant-too-large' });
  }
  head.writeUInt16BE(text.length + TAG_BYTES, 2);
  const salt = randomBytes(NONCE_AT - SALT_AT);
  const nonce = randomBytes(SEALED_AT - NONCE_AT);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt, LOG_N), nonce);
  cipher.setAAD(head);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  const code = Buffer.concat([head, salt, nonce, sealed]);
  return GRANT_PREFIX + Buffer.concat([code, checksum(code)]).toString('base64url');
}

/**
 * Opens a code, which may be part of a longer text and broken into lines.
 * @throws WaybillError `input` grant-damaged, grant-version or wrong-passphrase
 */
export async function openGrant(text: string, passphrase: string): Promise<Grant> {
  const { head, salt, nonce, sealed } = takeApart(text);
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(passphrase, salt, head[1] ?? 0), nonce);
  decipher.setAAD(head);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  let opened: string;
  try {
    opened = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'wrong-passphrase' });
  }
  const { accessKeyId, accessKeySecret, securityToken, ...grant } = parseContents(opened);
  return { ...grant, accessKey: { accessKeyId, accessKeySecret, securityToken } };
}

interface Parts {
  readonly head: Buffer;
  readonly salt: Buffer;
  readonly nonce: Buffer;
  readonly sealed: Buffer;
}

function takeApart(text: string): Parts {
  const at = text.indexOf(GRANT_PREFIX);
  if (at < 0) throw damaged();
  const packed = /^[\w\s-]*/.exec(text.slice(at + GRANT_PREFIX.length, at + 200_000))?.[0].replace(/\s+/g, '') ?? '';
  const bytes = Buffer.from(packed, 'base64url');
  if (bytes.length < SEALED_AT) throw damaged();
  if (bytes[0] !== VERSION) throw new WaybillError({ kind: 'input', field: 'code', rule: 'grant-version' });
  const end = SEALED_AT + bytes.readUInt16BE(2);
  const code = bytes.subarray(0, end);
  const logN = bytes[1] ?? 0;
  const isWhole = bytes.length >= end + CHECK_BYTES && bytes.subarray(end, end + CHECK_BYTES).equals(checksum(code));
  if (!isWhole || logN < 1 || logN > MAX_LOG_N || end < SEALED_AT + TAG_BYTES) throw damaged();
  return {
    head: code.subarray(0, SALT_AT),
    salt: code.subarray(SALT_AT, NONCE_AT),
    nonce: code.subarray(NONCE_AT, SEALED_AT),
    sealed: code.subarray(SEALED_AT),
  };
}

function parseContents(text: string): z.infer<typeof contents> {
  try {
    return contents.parse(JSON.parse(text));
  } catch {
    throw damaged();
  }
}

function damaged(): WaybillError {
  return new WaybillError({ kind: 'input', field: 'code', rule: 'grant-damaged' });
}

function checksum(code: Buffer): Buffer {
  return createHash('sha256').update(code).digest().subarray(0, CHECK_BYTES);
}

/** Systems enter the same passphrase in different Unicode forms, so it is normalised. */
function keyOf(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  // 128 r (N + p + 2) bytes are needed, which is more than twice N's share for the smallest N.
  const options = { N: 2 ** logN, r: 8, p: 1, maxmem: (2 ** logN + 4) * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
