import type { ObjectHead } from '../oss/operations/object-headers.ts';
import { own } from '../own.ts';

/** The kinds of previews. */
export type PreviewKind = 'text' | 'image' | 'audio' | 'video' | 'pdf';

/** The media types that the window may get, by extension. Everything else is text or has no preview. */
const mediaTypes: Readonly<Record<string, readonly [kind: 'image' | 'audio' | 'video', contentType: string]>> = {
  avif: ['image', 'image/avif'],
  bmp: ['image', 'image/bmp'],
  gif: ['image', 'image/gif'],
  ico: ['image', 'image/x-icon'],
  jpeg: ['image', 'image/jpeg'],
  jpg: ['image', 'image/jpeg'],
  png: ['image', 'image/png'],
  svg: ['image', 'image/svg+xml'],
  webp: ['image', 'image/webp'],
  aac: ['audio', 'audio/aac'],
  flac: ['audio', 'audio/flac'],
  m4a: ['audio', 'audio/mp4'],
  mp3: ['audio', 'audio/mpeg'],
  oga: ['audio', 'audio/ogg'],
  ogg: ['audio', 'audio/ogg'],
  opus: ['audio', 'audio/ogg'],
  wav: ['audio', 'audio/wav'],
  m4v: ['video', 'video/mp4'],
  mov: ['video', 'video/quicktime'],
  mp4: ['video', 'video/mp4'],
  ogv: ['video', 'video/ogg'],
  webm: ['video', 'video/webm'],
};

/**
 * Chooses a preview by the extension of the key, otherwise by Content-Type; anything unknown is tried as text.
 * `contentType` comes from our own table, never from the object.
 */
export function previewKindOf(
  key: string,
  head: Pick<ObjectHead, 'contentType'>,
): { readonly kind: PreviewKind; readonly contentType: string } {
  const extension = key.slice(key.lastIndexOf('.') + 1).toLowerCase();
  const declared = head.contentType.replace(/;.*/, '').trim().toLowerCase();
  const media =
    own(mediaTypes, extension) ?? Object.values(mediaTypes).find(([, contentType]) => contentType === declared);
  if (media !== undefined) return { kind: media[0], contentType: media[1] };
  if (extension === 'pdf' || declared === 'application/pdf') return { kind: 'pdf', contentType: 'application/pdf' };
  return { kind: 'text', contentType: 'text/plain' };
}
