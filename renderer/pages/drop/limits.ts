import type { DropPageData } from '../../../main/links/pages/drop-page.ts';
import type { Chosen, Problem } from './items.ts';

/** What the page allows. */
export type Limits = Pick<DropPageData['form'], 'sizeBytes' | 'contentTypes'>;

/** Files of this size and more go in parts, where the page holds an upload that takes them. */
const inPartsBytes = 100 * 1024 * 1024;

/** Types by extension, for files whose type a browser doesn't know or an installed program has changed. */
const typesByExtension = new Map(
  [
    'image/ gif heic heif jpeg png tiff webp jpg:jpeg tif:tiff svg:svg+xml',
    'video/ mp4 webm mov:quicktime',
    'audio/ wav mp3:mpeg m4a:mp4',
    'text/ csv txt:plain',
    'application/ json pdf zip doc:msword xls:vnd.ms-excel ppt:vnd.ms-powerpoint',
    'application/vnd.openxmlformats-officedocument. docx:wordprocessingml.document xlsx:spreadsheetml.sheet pptx:presentationml.presentation',
  ].flatMap((line) => {
    const [start = '', ...types] = line.split(' ');
    return types.map((type): [string, string] => {
      const [extension = '', rest = extension] = type.split(':');
      return [extension, start + rest];
    });
  }),
);

/** The allowed type that a file is sent with: the browser's, else that of its extension; null if neither is allowed. */
export function allowedType(file: Pick<File, 'name' | 'type'>, contentTypes: readonly string[]): string | null {
  const extension = /\.([a-z0-9]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? '';
  const known = typesByExtension.get(extension);
  const likely = [file.type, known].filter((type) => type !== undefined && type !== '');
  // Of a type that nobody knows, nothing better can be said.
  if (likely.length === 0) likely.push('application/octet-stream');
  return contentTypes.find((allowed) => likely.some((type) => type?.toLowerCase() === allowed.toLowerCase())) ?? null;
}

/** Why a file would be refused, found before it is sent: OSS reads all of a file that is too large before it says so. */
export function checkFile({ file }: Chosen, limits: Limits, ticketSizes: readonly number[]): Problem | null {
  const { min, max } = limits.sizeBytes;
  if (!isForTicket(file.size, limits, ticketSizes)) {
    if (file.size > max)
      return { kind: 'too-large', limit: ticketSizes.reduce((most, size) => Math.max(most, size), max) };
    if (file.size < min) return file.size === 0 ? { kind: 'empty' } : { kind: 'too-small', limit: min };
  }
  // Of what goes in parts, OSS checks no type: this page alone does.
  if (limits.contentTypes.length > 0 && allowedType(file, limits.contentTypes) === null) return { kind: 'type' };
  return null;
}

/** Whether a file goes in parts: it is large, or larger than the form takes, and one of the page's uploads takes it. */
export function isForTicket(size: number, { sizeBytes }: Limits, ticketSizes: readonly number[]): boolean {
  return (size >= inPartsBytes || size > sizeBytes.max) && ticketSizes.some((most) => size <= most);
}
