import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { type FileTrouble } from '../local-files/file-trouble.ts';
import { JsonFile, type JsonFormat } from '../local-files/json-file.ts';
import { safeName } from '../local-files/safe-name.ts';
import type { EditRecord } from './edited-file.ts';

const crc64 = z.string().regex(/^\d{1,20}$/);

/** ID and name become a path: neither leads out of its folder, whoever wrote the file. */
const recordSchema = z.object({
  id: z.uuid(),
  accountId: z.string(),
  bucket: z.string(),
  key: z.string().min(1),
  name: z.string().refine((name) => name === safeName(name)),
  base: z.object({ etag: z.string().nullable(), crc64, sizeBytes: z.int().min(0) }),
  attempted: z.array(crc64),
});

const fileSchema = z.object({
  version: z.literal(1),
  files: z.array(recordSchema),
  unlisted: z.array(z.string()).default([]),
});
type EditFile = z.infer<typeof fileSchema>;

const format: JsonFormat<EditFile> = {
  version: 1,
  schema: fileSchema,
  fallback: { version: 1, files: [], unlisted: [] },
};

/** The files that are edited, in one JSON file, so that what isn't saved survives a restart. */
export class EditStore {
  readonly records: readonly EditRecord[];
  /** Folders that a list named which couldn't be read: any may hold someone's work, at this start and at later ones. */
  readonly unlisted: readonly string[];
  readonly troubles: readonly FileTrouble[];
  readonly #file: JsonFile<EditFile>;

  private constructor(
    file: JsonFile<EditFile>,
    { files, unlisted }: Pick<EditFile, 'files' | 'unlisted'>,
    troubles: readonly FileTrouble[],
  ) {
    this.#file = file;
    this.records = files;
    this.unlisted = unlisted;
    this.troubles = troubles;
  }

  /** `root`: where the files themselves are. Never rejects. */
  static async open(path: string, root: string): Promise<EditStore> {
    const file = new JsonFile(path, format);
    const { value, troubles } = await file.read();
    const unlisted = troubles.length === 0 ? value.unlisted : await readdir(root).catch(() => []);
    return new EditStore(file, { files: value.files, unlisted }, troubles);
  }

  /** @throws WaybillError `file` */
  async write(records: readonly EditRecord[]): Promise<void> {
    const files = records.map((record) => ({ ...record, attempted: [...record.attempted] }));
    await this.#file.write({ version: 1, files, unlisted: [...this.unlisted] });
  }
}
