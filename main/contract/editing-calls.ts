import { z } from 'zod';
import type { OpenAnswer, OpenedFile } from '../editing/opened-file.ts';
import { accountId, bucket, key, none, versionId } from './fields.ts';

export type { OpenAnswer, OpenedFile } from '../editing/opened-file.ts';

/** Arguments of the calls about files that other programs show. */
export const editingCalls = {
  'editing.list': none,
  'editing.open': z.strictObject({
    ...{ accountId, bucket, key, versionId: versionId.nullable() },
    /** `chosen`: main asks for a program in the system's dialog. */
    program: z.enum(['usual', 'chosen']),
    isLargeFine: z.boolean(),
  }),
  'editing.stop': z.strictObject({ id: z.uuid() }),
} satisfies Record<keyof EditingResults, z.ZodType>;

/** Results of the calls about files that other programs show. */
export interface EditingResults {
  /** Returns the files that are being fetched, or were opened. */
  'editing.list': readonly OpenedFile[];
  /** Fetches an object and opens it in another program, or says what stands against it. Fails with what OSS or the disk answered, and with `cancelled`. */
  'editing.open': OpenAnswer;
  /** Stops fetching a file. Unknown IDs are ignored. */
  'editing.stop': null;
}
