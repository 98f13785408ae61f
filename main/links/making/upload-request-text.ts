import { linkSnippets } from './snippets.ts';
import type { UploadRequest } from './upload-request.ts';

/** A file that Waybill opens, or shell commands. */
export type UploadRequestFormat = 'request' | 'curl';

/** Writes an upload request as text to hand out. It is as secret as its links. */
export function formatUploadRequest(format: UploadRequestFormat, request: UploadRequest): string {
  return format === 'request' ? `${JSON.stringify(request, null, 2)}\n` : curlLines(request);
}

/** One curl command for each slot. It sends the file that has the slot's name. */
function curlLines({ note = '', validUntil, slots }: UploadRequest): string {
  const comments = [
    ...note.split(/\p{Cc}+/u).filter((line) => line.trim() !== ''),
    `Valid until ${validUntil}. Behind -T stands the file to send: put another name there if yours has one.`,
  ];
  const lines = slots.map(({ key, headers, url }) => {
    // curl doesn't send the fragment, so the command is shorter without it.
    const [bare = ''] = url.split('#', 1);
    return linkSnippets({ method: 'PUT', url: bare, key, headers }).curl;
  });
  return `${[...comments.map((comment) => `# ${comment}`), ...lines].join('\n')}\n`;
}
