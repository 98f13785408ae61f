import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { JsonFile, type JsonFormat } from '../../local-files/json-file.ts';

const keySchema = z.object({
  version: z.literal(1).default(1),
  accessKeyId: z.string().regex(/^PRACTICE[0-9A-F]{16}$/),
  accessKeySecret: z.string().regex(/^[\w-]{32}$/),
});

const format: JsonFormat<z.infer<typeof keySchema> | null> = { version: 1, schema: keySchema, fallback: null };

/** The owner's AccessKey pair of a practice folder. It is valid only for the server on this machine. */
export interface AccountKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** Reads the folder's key, or creates one that only the user can read, and gives what was wrong with the file. */
export async function readAccountFile(
  dataDir: string,
): Promise<{ readonly account: AccountKey; readonly troubles: readonly FileTrouble[] }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = new JsonFile(join(dataDir, 'account.json'), format);
  const { value, troubles } = await file.read();
  const key = value ?? {
    version: 1,
    accessKeyId: `PRACTICE${randomBytes(8).toString('hex').toUpperCase()}`,
    accessKeySecret: randomBytes(24).toString('base64url'),
  };
  if (value === null) await file.write(key);
  const { accessKeyId, accessKeySecret } = key;
  return { account: { accessKeyId, accessKeySecret }, troubles };
}
