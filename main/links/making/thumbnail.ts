import type { Session } from '../../accounts/sts/credentials.ts';
import type { Connection } from '../../oss/connection.ts';
import type { LinkOptions } from './link-options.ts';
import type { ListedLink } from './link-list.ts';
import { type LinkSigner, linkSigner } from './sign-link.ts';

/** The largest original that OSS scales down, in bytes (20 MB). */
const MAX_BYTES = 20 * 1024 ** 2;

/** Wide enough for a row of a list on a screen with four dots to a pixel. */
const RESIZE = 'image/resize,m_lfit,w_200';

/** What OSS scales down, by extension. A scaled image keeps its format, which most browsers don't show for the latter. */
const processes: ReadonlyMap<string, string> = new Map([
  ...['jpg', 'jpeg', 'png', 'bmp', 'gif', 'webp'].map((extension) => [extension, RESIZE] as const),
  ...['tif', 'tiff', 'heic', 'heif'].map((extension) => [extension, `${RESIZE}/format,jpg`] as const),
]);

/**
 * The x-oss-process that makes a thumbnail of an object; null if OSS makes none of its kind or size, and for an unknown
 * size.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/resize-images-4
 */
export function thumbnailProcess(key: string, sizeBytes: number | null): string | null {
  if (sizeBytes === null || sizeBytes === 0 || sizeBytes > MAX_BYTES) return null;
  return processes.get(/\.([^./]+)$/.exec(key)?.[1]?.toLowerCase() ?? '') ?? null;
}

/**
 * Signs thumbnails for the objects of a batch, from the host of its links and until `validUntil` (Unix milliseconds). The
 * returned function gives null for an object without one.
 */
export function thumbnailSigner(
  connection: Connection,
  session: Session,
  options: LinkOptions & { readonly bucket: string; readonly validUntil: number },
): (object: Pick<ListedLink, 'key' | 'versionId' | 'sizeBytes'>) => string | null {
  const { bucket, validUntil, signVersion, host, access } = options;
  const signers = new Map<string, LinkSigner>();
  return ({ key, versionId, sizeBytes }) => {
    const process = thumbnailProcess(key, sizeBytes);
    if (process === null) return null;
    const fixed = { bucket, validUntil, signVersion, host, access, fileName: null, open: null };
    const signer = signers.get(process) ?? linkSigner(connection, session, { ...fixed, process });
    signers.set(process, signer);
    return signer.urlOf({ key, versionId });
  };
}
