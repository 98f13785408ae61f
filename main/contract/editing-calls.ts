import { z } from 'zod';
import type { OpenAnswer, OpenedFile } from '../editing/opened-file.ts';
import { accountId, bucket, key, none, versionId } from './fields.ts';

export type { OpenAnswer, OpenedFile } from '../editing/opened-file.ts';

const one = z.strictObject({ id: z.uuid() });

/** Arguments of the calls about files that other programs show or edit. */
export const editingCalls = {
  'editing.list': none,
  'editing.open': z
    .strictObject({
      ...{ accountId, bucket, key, versionId: versionId.nullable() },
      /** `edit`: what is saved is brought back; only the current version can be. */
      use: z.enum(['show', 'edit']),
      /** `chosen`: main asks for a program in the system's dialog. */
      program: z.enum(['usual', 'chosen']),
      isLargeFine: z.boolean(),
    })
    .refine((request) => request.use === 'show' || request.versionId === null),
  'editing.show': one,
  'editing.save': one,
  'editing.resolve': z.strictObject({ id: z.uuid(), choice: z.enum(['mine', 'both', 'theirs']) }),
  'editing.finish': one,
} satisfies Record<keyof EditingResults, z.ZodType>;

/** Results of the calls about files that other programs show or edit. Unknown IDs are ignored. */
export interface EditingResults {
  /** Returns the files that are being fetched, and those that were opened. */
  'editing.list': readonly OpenedFile[];
  /** Fetches an object and opens it in another program, or says what stands against it. Fails with what OSS or the disk answered, and with `cancelled`. */
  'editing.open': OpenAnswer;
  /** Shows a file that is edited in its program again. */
  'editing.show': null;
  /** Saves what isn't saved, now. What goes wrong is in the file's state. */
  'editing.save': null;
  /** Ends a conflict: stores the file over the object, or under a free name, or takes the object's content after a question of main's own. */
  'editing.resolve': null;
  /** Stops fetching a file, or ends editing it; asks first if that discards changes. Fails with `cancelled` if the person refuses. */
  'editing.finish': null;
}
