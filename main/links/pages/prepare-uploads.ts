import { newFormKey } from '../forms/form-formats.ts';
import type { FormLimits } from '../forms/form-limits.ts';
import type { UploadForm } from '../forms/issue-form.ts';
import { type InputFailure, orProblem } from '../making/link-rules.ts';
import { ticketParts } from '../tickets/ticket-parts.ts';
import type { TicketRequest } from '../tickets/ticket-request.ts';

/** The most uploads of a page: each has thousands of signatures in it. */
export const MAX_PAGE_UPLOADS = 20;

/** Uploads for large files of a page. Each is one file, sent in parts, and goes on where it was broken off. */
export interface PageUploads {
  readonly count: number;
  /** The largest file that fits, in bytes. */
  readonly sizeBytes: number;
}

/** What is wrong with the uploads of a page. Without any there is nothing wrong with their size. */
export function pageUploadProblems({ count, sizeBytes }: PageUploads): readonly InputFailure[] {
  if (!Number.isInteger(count) || count < 0 || count > MAX_PAGE_UPLOADS) {
    return [{ kind: 'input', field: 'large', rule: 'large-count', limit: `0…${MAX_PAGE_UPLOADS}` }];
  }
  const problems: InputFailure[] = [];
  if (count > 0) orProblem(problems, () => ticketParts(sizeBytes));
  return problems.map((problem) => ({ ...problem, field: 'largeSize' }));
}

/** What the uploads of a page have in common with its form. */
export type SharedLimits = Pick<
  FormLimits,
  'host' | 'acl' | 'forbidOverwrite' | 'tags' | 'storageClass' | 'renewSession'
>;

/** How one upload is started, and ended again where a later one can't be started. */
interface Starter<T> {
  readonly start: (request: TicketRequest) => Promise<T>;
  readonly end: (started: T) => Promise<unknown>;
  /** The time of the server in Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Starts uploads below the prefix of a form, which end with it. Of those none is left if one can't be started.
 * @throws WaybillError what starting one throws
 */
export async function prepareUploads<T>(
  form: UploadForm,
  { count, sizeBytes }: PageUploads,
  limits: SharedLimits,
  { start, end, now }: Starter<T>,
): Promise<readonly T[]> {
  const { bucket, validUntil } = form;
  const { acl = 'private', forbidOverwrite, tags, storageClass, host, renewSession } = limits;
  const upload = { forbidOverwrite, tags, storageClass, ...(acl === null ? {} : { acl }) };
  const started: T[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const key = newFormKey(form, now());
      started.push(await start({ bucket, key, sizeBytes, validUntil, host, renewSession, upload }));
    }
  } catch (error) {
    await Promise.allSettled(started.map(end));
    throw error;
  }
  return started;
}
