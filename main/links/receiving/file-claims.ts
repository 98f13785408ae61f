import { WaybillError } from '../../failure.ts';
import { isLoopback } from '../../http/authority.ts';
import type { SignedUrlParts } from '../../oss/signing/signed-url-parts.ts';

/** Where the links of a file lead: one server for all of them. */
export interface FileServer {
  /** As in the links, with its port. */
  readonly host: string;
  /** Null on a custom domain, which doesn't contain the bucket's name. */
  readonly bucket: string | null;
  /** Sent unencrypted to another computer, so that others can read it on the way. */
  readonly exposed: boolean;
}

/** A link in a file, and the bucket and key (null: not stated) that the file states for it. */
export interface ClaimedLink {
  readonly url: string;
  readonly parts: Pick<SignedUrlParts, 'host' | 'bucket' | 'key'>;
  readonly bucket: string;
  readonly key: string | null;
}

/**
 * Compares what a file says with where its links lead, so that nobody is sent elsewhere than the file says. A custom
 * domain doesn't reveal its bucket, which is why the server is always shown.
 * @returns the server of the links, null for a file without links
 * @throws WaybillError `input` file-claims, its limit being the position (from 1) of the first link that differs
 */
export function serverOfLinks(
  links: readonly ClaimedLink[],
  field: 'manifest' | 'uploadRequest' | 'ticket',
): FileServer | null {
  const [first] = links;
  if (first === undefined) return null;
  const origin = originOf(first);
  links.forEach((link, index) => {
    const { bucket, key } = link.parts;
    const isAsClaimed = (bucket ?? link.bucket) === link.bucket && (link.key ?? key) === key;
    if (isAsClaimed && originOf(link) === origin) return;
    throw new WaybillError({ kind: 'input', field, rule: 'file-claims', limit: String(index + 1) });
  });
  const { host, bucket } = first.parts;
  return { host, bucket, exposed: origin.startsWith('http:') && !isLoopback(host) };
}

function originOf({ url, parts }: ClaimedLink): string {
  return `${url.slice(0, url.indexOf(':')).toLowerCase()}://${parts.host}`;
}
