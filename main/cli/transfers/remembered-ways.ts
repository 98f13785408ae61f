import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type BucketWay, bucketWaySchema } from '../../accounts/account.ts';
import { JsonFile, type JsonFormat } from '../../local-files/json-file.ts';
import { type Endpoint, formatEndpoint } from '../../oss/endpoint.ts';
import { own } from '../../own.ts';
import { checkStateFolder, isOwnFile } from './state-folder.ts';

const fileSchema = z.object({ version: z.literal(1), ways: z.record(z.string(), bucketWaySchema) });

const format: JsonFormat<z.infer<typeof fileSchema>> = {
  version: 1,
  schema: fileSchema,
  fallback: { version: 1, ways: {} },
};

/** How commands reached a bucket at an endpoint, in a file of the state folder. Without a folder nothing is kept. */
export class RememberedWays {
  readonly #folder: string;
  readonly #name: string;
  readonly #path: string;

  constructor(folder: string, server: Endpoint, bucket: string) {
    this.#folder = resolve(folder);
    this.#path = join(this.#folder, 'custom-domains.json');
    this.#name = `${formatEndpoint(server)} ${bucket}`;
  }

  /**
   * What an earlier command of this user found out; null for nothing.
   * @throws UsageError for a folder that others may write: what it says leads requests elsewhere
   */
  async read(): Promise<BucketWay | null> {
    if (!(await isOwnFile(this.#path))) return null;
    await checkStateFolder(this.#folder);
    return own(await this.#readAll(), this.#name) ?? null;
  }

  /** Keeps it for later commands, where the folder can be written, and by no one else: read() would refuse such a one. */
  async remember(way: BucketWay): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await checkStateFolder(this.#folder);
      const ways = { ...(await this.#readAll()), [this.#name]: way };
      await new JsonFile(this.#path, format).write({ version: 1, ways });
    } catch {
      // Found out again by the next command.
    }
  }

  async #readAll(): Promise<Readonly<Record<string, BucketWay>>> {
    return (await isOwnFile(this.#path)) ? (await new JsonFile(this.#path, format).read()).value.ways : {};
  }
}
