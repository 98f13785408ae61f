import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { SLACK_MS } from '../../links/revoking/our-statements.ts';
import { JsonFile, type JsonFormat } from '../../local-files/json-file.ts';
import { checkStateFolder, isOwnFile } from '../transfers/state-folder.ts';

const noteSchema = z.strictObject({
  version: z.literal(1),
  accessKeyId: z.string().min(1).max(128),
  /** How the bucket's policy names the session. */
  principals: z.array(z.string().max(200)).min(1).max(4),
  bucket: z.string().min(1).max(63),
  /** Host and port of the links. */
  host: z.string().max(300),
  /** How many links the session signed. */
  links: z.int().min(1),
  /** When the session expires, in Unix milliseconds. */
  validUntil: z.int(),
});

/** What is kept of a session that signs links that can be revoked. It holds no secret. */
export type RevocableNote = Readonly<Omit<z.infer<typeof noteSchema>, 'version'>>;

const format: JsonFormat<z.infer<typeof noteSchema> | null> = { version: 1, schema: noteSchema, fallback: null };

/**
 * Sessions by their AccessKey ID, each in a file of its own in the state folder, so that commands that run at the same time
 * don't overwrite each other's. The name of a file says when it can go.
 */
export class RevocableNotes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /**
   * Keeps a note, and removes those of sessions that have expired.
   * @param now by the server's clock, in Unix milliseconds: by a wrong one, links that live could no longer be revoked
   * @throws WaybillError `file`, UsageError for a folder that others may write: a link that nobody can revoke must not be
   *   handed out as one
   */
  async keep(note: RevocableNote, now: number): Promise<void> {
    const folder = this.#folder;
    await withFileErrors(folder, mkdir(folder, { recursive: true, mode: 0o700 }));
    await checkStateFolder(folder);
    await this.#forgetExpired(now);
    const path = join(folder, `revocable-${Math.ceil(note.validUntil / 1000)}-${hashOf(note.accessKeyId)}.json`);
    await new JsonFile(path, format).write({ version: 1, ...note });
  }

  /**
   * The note of a session; null without one.
   * @throws UsageError for a folder that others may write: what it says decides who is denied
   */
  async find(accessKeyId: string): Promise<RevocableNote | null> {
    const hash = hashOf(accessKeyId);
    for (const name of await namesIn(this.#folder)) {
      if (readName(name)?.hash !== hash) continue;
      const path = join(this.#folder, name);
      if (!(await isOwnFile(path))) continue;
      await checkStateFolder(this.#folder);
      const { value } = await new JsonFile(path, format).read();
      if (value?.accessKeyId === accessKeyId) return value;
    }
    return null;
  }

  async #forgetExpired(now: number): Promise<void> {
    for (const name of await namesIn(this.#folder)) {
      const end = readName(name)?.endMs ?? Infinity;
      if (end + SLACK_MS < now) await rm(join(this.#folder, name), { force: true }).catch(() => undefined);
    }
  }
}

/** AccessKey IDs tell letters apart, which names of files may not. */
function hashOf(accessKeyId: string): string {
  return createHash('sha256').update(accessKeyId).digest('hex').slice(0, 32);
}

function readName(name: string): { readonly endMs: number; readonly hash: string } | null {
  const [, end, hash = ''] = /^revocable-(\d{1,12})-([0-9a-f]{32})\.json$/.exec(name) ?? [];
  return end === undefined ? null : { endMs: Number(end) * 1000, hash };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
