import { posix } from 'node:path';
import { LocalNames } from '../../local-files/local-names.ts';
import type { SignedUrlParts } from '../../oss/signing/signed-url-parts.ts';
import type { ManifestObject } from './share-manifest.ts';

/** One file of a manifest: where it goes below the receiver's folder, and what it must be. */
export interface ManifestDownload {
  readonly url: string;
  readonly parts: SignedUrlParts;
  /** Relative, with `/` between its segments; empty for the folder itself. */
  readonly subfolder: string;
  readonly fileName: string;
  readonly expected: { readonly sizeBytes: number | null; readonly crc64: string | null };
}

/**
 * The downloads that a manifest means. Its paths are a stranger's: each segment is made a safe name, so none leads out
 * of the folder, and no two files meet.
 */
export function manifestDownloads(objects: readonly ManifestObject[]): readonly ManifestDownload[] {
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

/** An object always becomes a file, also one whose key ends like a folder's. Leading slashes name nothing. */
function withFileName(path: string): string {
  const relative = path.replace(/^\/+/, '');
  return relative === '' || relative.endsWith('/') ? `${relative}_` : relative;
}
