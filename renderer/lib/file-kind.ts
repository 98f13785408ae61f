import type { Messages } from './messages.svelte.ts';

export type FileKind = 'archive' | 'audio' | 'code' | 'document' | 'image' | 'other' | 'pdf' | 'table' | 'video';

const extensions: Readonly<Record<Exclude<FileKind, 'other'>, string>> = {
  archive: '7z bz2 dmg gz iso jar lz4 rar tar tgz xz zip zst',
  audio: 'aac aiff flac m4a mid mp3 oga ogg opus wav wma',
  code: 'bat c cc cpp cs css go h hpp htm html ini java js json jsonl jsx kt lua mjs php ps1 py r rb rs scala scss sh sql svelte swift toml ts tsx vue xml yaml yml',
  document: 'doc docx epub key md odp odt pages ppt pptx rtf txt log',
  image: 'avif bmp gif heic heif ico jpeg jpg png psd raw svg tif tiff webp',
  pdf: 'pdf',
  table: 'csv numbers ods orc parquet tsv xls xlsm xlsx',
  video: 'avi flv m2ts m4v mkv mov mp4 mpeg mpg ogv webm wmv',
};

const kinds = new Map(
  (Object.keys(extensions) as (keyof typeof extensions)[]).flatMap((kind) =>
    extensions[kind].split(' ').map((extension) => [extension, kind] as const),
  ),
);

/** The kind of a file from its extension. Nothing depends on it but what the person sees. */
export function toFileKind(name: string): FileKind {
  return kinds.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? 'other';
}

/** The extension in capitals; null for a name without one, such as `README` or `.profile`, and for what is none. */
function extensionOf(name: string): string | null {
  const [, extension = null] = /[^/]\.([a-z\d]{1,8})$/i.exec(name) ?? [];
  return extension?.toUpperCase() ?? null;
}

/** What a file is, as far as its name says: “JPG image”, “XYZ file”, “File”. */
export function fileKindText(name: string, { text }: Pick<Messages, 'text'>): string {
  const extension = extensionOf(name);
  return extension === null ? text('common.file') : text(`browse.kind.${toFileKind(name)}`, { extension });
}

/** Sorts names by kind, and each kind by extension. Files without an extension come last. */
export function kindOrderOf(name: string): string {
  const extension = extensionOf(name);
  if (extension === null) return '~~';
  const kind = toFileKind(name);
  return `${kind === 'other' ? '~' : kind} ${extension}`;
}
