import type { Connection } from '../oss/connection.ts';
import { KeyGlob, type KeyPattern } from '../oss/key-glob.ts';
import type { ObjectPage } from '../oss/operations/listing.ts';
import { objectPagesBy } from '../oss/operations/ranges/object-pages.ts';

/**
 * Lists everything below a prefix, or what a pattern names there, page by page, each with the connection of that moment.
 * @throws WaybillError if a page can't be listed
 */
export async function* keyPages(
  connection: () => Promise<Connection>,
  { bucket, key, only }: { readonly bucket: string; readonly key: string; readonly only?: KeyPattern | undefined },
): AsyncGenerator<Pick<ObjectPage, 'objects'>> {
  if (only === undefined)
    yield* objectPagesBy(async (operation) => operation(await connection()), bucket, { prefix: key });
  else yield* matchingPages(connection, bucket, only);
}

/** A page of what matches. */
export type MatchingPage = Pick<ObjectPage, 'objects' | 'prefixes'>;

/**
 * Lists what a pattern names, in the byte order of keys, below the part of it that has no wildcard: objects, and unless it is
 * deep, the folders that it names, as prefixes. Pages can be empty.
 * @throws WaybillError if a page can't be listed
 */
export async function* matchingPages(
  connection: () => Promise<Connection>,
  bucket: string,
  { glob: text, isDeep }: KeyPattern,
  signal?: AbortSignal,
): AsyncGenerator<MatchingPage> {
  const glob = new KeyGlob(text);
  const delimiter = glob.isOneLevel && !isDeep ? '/' : undefined;
  let lastFolder: string | null = null;
  const options = { prefix: glob.prefix, ...(delimiter === undefined ? {} : { delimiter }), signal };
  const pages = objectPagesBy(async (operation) => operation(await connection()), bucket, options);
  for await (const page of pages) {
    const objects: ObjectPage['objects'][number][] = [];
    const prefixes = page.prefixes.filter((prefix) => glob.matches(prefix.slice(0, -1)));
    for (const object of page.objects) {
      const folder = glob.folderAbove(object.key);
      if (glob.matches(object.key) || (isDeep && folder !== null)) objects.push(object);
      else if (folder !== null && folder !== lastFolder) prefixes.push((lastFolder = folder));
    }
    yield { objects, prefixes };
  }
}
