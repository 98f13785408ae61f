import { isDeepStrictEqual } from 'node:util';
import { WaybillError } from '../../failure.ts';
import { readNote } from '../text/link-note.ts';
import { type UploadRequest, uploadRequestSchema } from '../making/upload-request.ts';
import type { UrlReading } from '../../oss/signing/signed-url-parts.ts';
import { type FileServer, serverOfLinks } from './file-claims.ts';
import { readSignedUrl } from '../text/pasted-link.ts';

/** Whether a text claims to be an upload request. */
export function isUploadRequest(text: string): boolean {
  return /^\s*\{\s*"waybill"\s*:\s*"upload-request"/.test(text.slice(0, 200));
}

/** An upload request as received. */
export interface ReceivedUploadRequest extends UploadRequest {
  readonly server: FileServer;
}

/**
 * Reads an upload request. Its links must lead to the bucket and the keys that it names, with the headers that it names,
 * all on one server.
 * @throws WaybillError `input` with field `uploadRequest`
 */
export function readUploadRequest(text: string): ReceivedUploadRequest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused('upload-request-not-json');
  }
  const parsed = uploadRequestSchema.safeParse(json);
  if (!parsed.success) throw refused('upload-request-format', parsed.error.issues[0]?.path.join('.') ?? '');
  const { bucket, slots } = parsed.data;
  const links = slots.map((slot, index) => ({ ...readSlot(slot, String(index + 1)), bucket, key: slot.key }));
  const server = serverOfLinks(links, 'uploadRequest');
  if (server === null) throw refused('upload-request-format', 'slots');
  return { ...parsed.data, server };
}

/** The link of a slot. Its headers are those of the link's note, which admits no other than an upload needs. */
function readSlot(
  { url, headers }: UploadRequest['slots'][number],
  position: string,
): Extract<UrlReading, { kind: 'link' }> {
  const reading = readSignedUrl(url);
  const note = reading.kind === 'link' ? readNote(reading.fragment) : null;
  if (reading.kind !== 'link' || note === null || note === 'unreadable' || note.method !== 'PUT') {
    throw refused('upload-request-link', position);
  }
  if (!isDeepStrictEqual(note.headers, headers)) throw refused('file-claims', position);
  return reading;
}

function refused(rule: string, limit?: string): WaybillError {
  const failure = { kind: 'input', field: 'uploadRequest', rule } as const;
  return new WaybillError(limit === undefined ? failure : { ...failure, limit });
}
