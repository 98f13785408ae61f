import { linkSnippets } from './snippets.ts';
import type { UploadRequest } from './upload-request.ts';

/** As a file that Waybill opens, or as lines for a shell. */
export type UploadRequestFormat = 'request' | 'curl';

/** An upload request as the text that is handed out. It is as secret as its links. */
export function formatUploadRequest(format: UploadRequestFormat, request: UploadRequest): string {
  return format === 'request' ? `${JSON.stringify(request, null, 2)}\n` : curlLines(request);
}

/** One line of curl for each slot. The file that it sends is the one named after the slot. */
function curlLines({ note = '', validUntil, slots }: UploadRequest): string {
  const comments = [
    ...note.split(/\p{Cc}+/u).filter((line) => line.trim() !== ''),
    `Valid until ${validUntil}. Behind -T stands the file to send: put another name there if yours has one.`,
  ];
  const lines = slots.map(({ key, headers, url }) => {
    // No server sees the fragment; a line that somebody reads is shorter without.
    const [bare = ''] = url.split('#', 1);
    return linkSnippets({ method: 'PUT', url: bare, key, headers }).curl;
  });
  return `${[...comments.map((comment) => `# ${comment}`), ...lines].join('\n')}\n`;
}
