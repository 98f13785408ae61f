import type { Failure } from '../../failure.ts';
import { GRANT_PREFIX, readPaste } from '../../accounts/pasting/paste.ts';
import { readSignedUrl } from '../text/pasted-link.ts';
import { isManifest } from './share-manifest.ts';
import { isTicket } from '../tickets/ticket-urls.ts';
import { isUploadRequest } from './upload-request-file.ts';

/** What Waybill can do with a text, besides uploading the file that holds it. */
export type ReceivedKind = 'manifest' | 'upload-request' | 'upload-ticket' | 'grant-code' | 'link' | 'credentials';

/** What a file is: null if nothing that Waybill opens, a failure if it can't be read. */
export type Recognised = ReceivedKind | Failure | null;

/** How many characters of a text are looked at. More than credentials and a list of links take, and the start of a manifest. */
const MAX_CHARACTERS = 256 * 1024;

/** How a grant code begins. Programs and documents about Waybill hold the prefix alone. */
const grantCode = new RegExp(`(?:^|[\\s"'<(])${GRANT_PREFIX}[\\w-]{40}`);

/**
 * Says what a text is by its content, whatever the name of its file. A link that is damaged or of an old signature counts:
 * opening it says so. Null for any other text, binary data among them. Sends nothing and never throws.
 */
export function recognise(text: string): ReceivedKind | null {
  if (isManifest(text)) return 'manifest';
  if (isUploadRequest(text)) return 'upload-request';
  if (isTicket(text)) return 'upload-ticket';
  const start = text.slice(0, MAX_CHARACTERS);
  if (start.includes('\0')) return null;
  if (grantCode.test(start)) return 'grant-code';
  if (['link', 'damaged', 'unsupported', 'cdn'].includes(readSignedUrl(start).kind)) return 'link';
  return ['found', 'unusable'].includes(readPaste(start).kind) ? 'credentials' : null;
}
