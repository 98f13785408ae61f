import type { Session } from '../../accounts/sts/credentials.ts';
import type { Connection } from '../../oss/connection.ts';
import { PARTS_PER_PAGE } from '../../oss/limits.ts';
import { abortMultipartUpload, initiateMultipartUpload, listParts } from '../../oss/operations/multipart.ts';
import { signPartUrls } from '../../oss/signing/part-urls.ts';
import { signUrl } from '../../oss/signing/signed-url.ts';
import { checkKey } from '../../oss/names.ts';
import { checkLink } from '../making/link-rules.ts';
import { type LinkSigning, prepareSigning } from '../making/sign-link.ts';
import { type LinkValidity, validityOf } from '../making/validity.ts';
import type { UploadTicket } from './ticket.ts';
import { ticketParts } from './ticket-parts.ts';
import { ticketEndpoint, ticketHeaders, type TicketRequest } from './ticket-request.ts';

/** A ticket to hand out, and when it really ends. */
export interface IssuedTicket {
  readonly ticket: UploadTicket;
  readonly validity: LinkValidity;
}

/** The upload that a ticket is for, as its owner remembers it. */
export interface TicketUpload extends Pick<
  UploadTicket,
  'bucket' | 'key' | 'uploadId' | 'sizeBytes' | 'partSizeBytes'
> {
  /** Whether an object in its place is kept. */
  readonly forbidOverwrite: boolean;
}

/** How long a ticket is valid, where its URLs lead, and what it says. */
export type TicketTerms = Pick<TicketRequest, 'expiresSeconds' | 'validUntil' | 'host' | 'note'>;

/**
 * Starts an upload with the connection's credentials, and signs its ticket with those of the session. Content-Type,
 * storage class, metadata and tags are fixed by that.
 * @throws WaybillError `input` for what OSS would refuse, `oss` `exists` for a key that is taken, `credentials`
 *   expired-token if the session expires within a minute, and what starting an upload throws
 */
export async function issueTicket(
  connection: Connection,
  session: Session,
  request: TicketRequest,
  signal?: AbortSignal,
): Promise<IssuedTicket> {
  const { bucket, key, sizeBytes } = request;
  checkKey(key);
  const { partSizeBytes } = ticketParts(sizeBytes);
  const parts = ticketHeaders(request);
  checkLink(parts);
  const { headers } = parts;
  // What can't be signed is refused before the upload starts.
  prepare(connection, session, request);
  const uploadId = await initiateMultipartUpload(connection, { bucket, key, headers, signal });
  const forbidOverwrite = headers['x-oss-forbid-overwrite'] === 'true';
  const upload = { bucket, key, uploadId, sizeBytes, partSizeBytes, forbidOverwrite };
  try {
    // By the clock of the server, which has answered now.
    return sign(prepare(connection, session, request), upload, request);
  } catch (error) {
    await abortMultipartUpload(connection, upload).catch(() => undefined);
    throw error;
  }
}

/**
 * Signs another ticket for an upload that goes on: parts that were sent stay.
 * @throws WaybillError `oss` `no-such-upload` if it is over, and as issueTicket()
 */
export async function renewTicket(
  connection: Connection,
  session: Session,
  upload: TicketUpload,
  terms: TicketTerms,
): Promise<IssuedTicket> {
  await listParts(connection, upload, { maxParts: 1 });
  return sign(prepare(connection, session, { ...terms, bucket: upload.bucket }), upload, terms);
}

function prepare(
  connection: Connection,
  session: Session,
  { bucket, expiresSeconds, validUntil, host }: TicketTerms & { readonly bucket: string },
): LinkSigning {
  ticketEndpoint(connection, { bucket, host });
  const lifetime = validUntil === undefined ? { expiresSeconds } : { validUntil };
  // V1 would need 28 characters for a signature, and OSS takes it from fewer accounts.
  return prepareSigning(connection, session, { ...lifetime, bucket, host, signVersion: 'v4' });
}

function sign({ validity, signing }: LinkSigning, upload: TicketUpload, { note = '' }: TicketTerms): IssuedTicket {
  const { bucket, key, uploadId, sizeBytes, partSizeBytes, forbidOverwrite } = upload;
  const parts = Math.max(1, Math.ceil(sizeBytes / partSizeBytes));
  const object = { ...signing, bucket, key };
  const { template, signatures } = signPartUrls({ ...object, uploadId, parts });
  const completeHeaders = forbidOverwrite ? { 'x-oss-forbid-overwrite': 'true' as const } : {};
  const id = ['uploadId', uploadId] as const;
  const list = Array.from({ length: Math.ceil(parts / PARTS_PER_PAGE) }, (_, page) => {
    const marker = ['part-number-marker', String(page * PARTS_PER_PAGE)] as const;
    return signUrl({ ...object, method: 'GET', params: [['max-parts', String(PARTS_PER_PAGE)], marker, id] }).url;
  });
  const ticket: UploadTicket = {
    ...{ waybill: 'upload-ticket', version: 1 },
    madeAt: new Date(signing.signedAt).toISOString(),
    validUntil: new Date(validity.validUntil).toISOString(),
    ...{ bucket, key, uploadId, sizeBytes, partSizeBytes },
    ...{ parts, put: template, signatures: signatures.toString('base64'), list },
    complete: signUrl({ ...object, method: 'POST', headers: completeHeaders, params: [id] }).url,
    completeHeaders,
    ...(note === '' ? {} : { note }),
  };
  return { ticket, validity: validityOf(validity) };
}
