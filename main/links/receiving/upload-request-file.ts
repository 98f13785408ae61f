import { WaybillError } from '../../failure.ts';
import { readNote } from '../making/link-note.ts';
import { type UploadRequest, uploadRequestSchema } from '../making/upload-request.ts';
import { readSignedUrl } from '../text/pasted-link.ts';

/** Whether a text claims to be an upload request. */
export function isUploadRequest(text: string): boolean {
  return /^\s*\{\s*"waybill"\s*:\s*"upload-request"/.test(text.slice(0, 200));
}

/** Reads an upload request. @throws WaybillError `input` with field `uploadRequest` */
export function readUploadRequest(text: string): UploadRequest {
  const refuse = (rule: string, limit?: string): WaybillError =>
    new WaybillError({ kind: 'input', field: 'uploadRequest', rule, ...(limit === undefined ? {} : { limit }) });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refuse('upload-request-not-json');
  }
  const parsed = uploadRequestSchema.safeParse(json);
  if (!parsed.success) throw refuse('upload-request-format', parsed.error.issues[0]?.path.join('.') ?? '');
  parsed.data.slots.forEach(({ url }, index) => {
    const reading = readSignedUrl(url);
    const note = reading.kind === 'link' ? readNote(reading.fragment) : null;
    if (note === null || note === 'unreadable' || note.method !== 'PUT') {
      throw refuse('upload-request-link', String(index + 1));
    }
  });
  return parsed.data;
}
