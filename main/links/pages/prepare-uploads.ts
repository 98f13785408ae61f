import type { Session } from '../../accounts/sts/credentials.ts';
import type { Connection } from '../../oss/connection.ts';
import { newFormKey } from '../forms/form-formats.ts';
import type { FormLimits } from '../forms/form-limits.ts';
import type { UploadForm } from '../forms/issue-form.ts';
import { endTicket } from '../tickets/end-ticket.ts';
import { issueTicket } from '../tickets/issue-ticket.ts';
import type { UploadTicket } from '../tickets/ticket.ts';

/** Uploads for large files of a page. Each is one file, sent in parts, and goes on where it was broken off. */
export interface PreparedUploads {
  readonly count: number;
  /** The largest file that fits, in bytes. */
  readonly sizeBytes: number;
  readonly limits: Pick<FormLimits, 'host' | 'acl' | 'forbidOverwrite' | 'tags' | 'storageClass'>;
  /** Who signs the upload of a key. */
  readonly sessionFor: (upload: { readonly bucket: string; readonly key: string }) => Promise<Session>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts uploads below the prefix of a form, which end with it. Of those none is left if one can't be started.
 * @throws WaybillError as issueTicket()
 */
export async function prepareUploads(
  connection: Connection,
  form: UploadForm,
  { count, sizeBytes, limits, sessionFor, signal }: PreparedUploads,
): Promise<readonly UploadTicket[]> {
  const { acl = 'private', forbidOverwrite, tags, storageClass, host } = limits;
  const upload = { forbidOverwrite, tags, storageClass, ...(acl === null ? {} : { acl }) };
  const tickets: UploadTicket[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const object = { bucket: form.bucket, key: newFormKey(form, connection.clock.now()) };
      const request = { ...object, sizeBytes, validUntil: form.validUntil, host, upload };
      tickets.push((await issueTicket(connection, await sessionFor(object), request, signal)).ticket);
    }
  } catch (error) {
    await Promise.allSettled(tickets.map((ticket) => endTicket(connection, ticket)));
    throw error;
  }
  return tickets;
}
