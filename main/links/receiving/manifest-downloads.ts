import { posix } from 'node:path';
import { LocalNames } from '../../local-files/local-names.ts';
import type { ObjectUrlParts } from '../../oss/signing/signed-url-parts.ts';
import type { ManifestObject } from './share-manifest.ts';

/** One file of a manifest: its path below the receiver's folder, and the content it must have. */
export interface ManifestDownload {
  readonly url: string;
  readonly parts: ObjectUrlParts;
  /** Relative, with `/` between segments; empty for the folder itself. */
  readonly subfolder: string;
  readonly fileName: string;
  readonly expected: { readonly sizeBytes: number | null; readonly crc64: string | null };
}

type LinkedObject = Omit<ManifestObject, 'parts'> & { readonly parts: ObjectUrlParts };

/**
 * The downloads of a manifest. Its paths come from a stranger: each segment is made a safe name, so that no path leaves
 * the folder, and each path is unique.
 */
export function manifestDownloads(objects: readonly LinkedObject[]): readonly ManifestDownload[] {
  const names = new LocalNames();
  return objects.map(({ path, url, parts, sizeBytes, crc64 }) => {
    const local = names.pathOf(withFileName(path.replaceAll('\\', '/')));
    const folder = posix.dirname(local);
    return {
      ...{ url, parts, expected: { sizeBytes, crc64 } },
      subfolder: folder === '.' ? '' : folder,
      fileName: posix.basename(local),
    };
  });
}

/** An object becomes a file even if its key ends in a slash. Leading slashes are dropped. */
function withFileName(path: string): string {
  const relative = path.replace(/^\/+/, '');
  return relative === '' || relative.endsWith('/') ? `${relative}_` : relative;
}
