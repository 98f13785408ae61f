import { icon } from '../shared/dom.ts';

const page = 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5';

/** Drawn in 24 units, by kind of file. */
const paths = {
  archive: 'M4 4h16v4H4zM6 8v10a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V8M10 12h4',
  audio: 'M9 18V6l11-2v12M3 18a3 3 0 1 0 6 0 3 3 0 1 0-6 0M14 16a3 3 0 1 0 6 0 3 3 0 1 0-6 0',
  document: `${page}M9 13h6M9 17h4`,
  image:
    'M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4 17l5-5 4 4 3-3 4 4M10 9a1 1 0 1 1-2 0 1 1 0 0 1 2 0z',
  other: page,
  video: 'M4 6h11v12H4zM15 11l5-3v8l-5-3',
} as const;

type Kind = keyof typeof paths;

const extensions: readonly (readonly [Exclude<Kind, 'other'>, string])[] = [
  ['archive', '7z bz2 gz iso jar rar tar tgz xz zip zst'],
  ['audio', 'aac flac m4a mp3 ogg opus wav'],
  ['document', 'csv doc docx md odt pdf ppt pptx rtf txt log xls xlsx'],
  ['image', 'avif bmp gif heic heif ico jpeg jpg png psd svg tif tiff webp'],
  ['video', 'avi flv m4v mkv mov mp4 mpeg mpg webm wmv'],
];

const kinds = new Map(
  extensions.flatMap(([kind, names]) => names.split(' ').map((extension) => [extension, kind] as const)),
);

/** The kind of a file from its extension. */
function kindOf(name: string): Kind {
  return kinds.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? 'other';
}

/** The icon of a file's kind. */
export function fileIcon(name: string): SVGSVGElement {
  return icon(paths[kindOf(name)]);
}
