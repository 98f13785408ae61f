export type FileKind = 'archive' | 'audio' | 'code' | 'document' | 'image' | 'other' | 'table' | 'video';

const extensions: Readonly<Record<Exclude<FileKind, 'other'>, string>> = {
  archive: '7z bz2 gz iso jar rar tar tgz xz zip zst',
  audio: 'aac flac m4a mp3 ogg opus wav',
  code: 'c cpp css go h html java js json mjs py rb rs sh sql svelte ts tsx vue xml yaml yml',
  document: 'doc docx md odt pdf pages ppt pptx rtf txt log',
  image: 'avif bmp gif heic ico jpeg jpg png psd svg tif tiff webp',
  table: 'csv ods parquet tsv xls xlsx',
  video: 'avi flv m4v mkv mov mp4 mpeg mpg webm wmv',
};

const kinds = new Map(
  (Object.keys(extensions) as (keyof typeof extensions)[]).flatMap((kind) =>
    extensions[kind].split(' ').map((extension) => [extension, kind] as const),
  ),
);

/** The kind of a file from its extension, for its icon only. */
export function toFileKind(name: string): FileKind {
  return kinds.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? 'other';
}
