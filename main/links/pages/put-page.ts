import type { Session } from '../../accounts/sts/credentials.ts';
import type { Connection } from '../../oss/connection.ts';
import type { Endpoint } from '../../oss/endpoint.ts';
import type { ObjectRef } from '../../oss/names.ts';
import { putObject } from '../../oss/operations/objects.ts';
import { readOssHost } from '../../oss/oss-host.ts';
import { linkEndpoint } from '../making/link-host.ts';
import type { LinkHost } from '../making/link-options.ts';
import { type SignedLink, signLink } from '../making/sign-link.ts';

/**
 * What a browser does with a page behind a link: OSS's own domains force a download of HTML, others show it, and its
 * script runs as part of that site.
 * @see https://www.alibabacloud.com/help/en/oss/support/0048-00000001
 */
export function pageOpening({ host, addressing }: Pick<Endpoint, 'host' | 'addressing'>): 'shown' | 'downloaded' {
  return addressing === 'virtual' && readOssHost(host) !== null ? 'downloaded' : 'shown';
}

/** A page in a bucket. */
export interface PutPage extends Pick<ObjectRef, 'bucket' | 'key'> {
  readonly html: string;
  /** Whether it may replace an object. A bucket with versioning keeps that as an earlier version either way. */
  readonly replaces: boolean;
  /** When the links of the page expire, in Unix milliseconds: its own link does then, too. */
  readonly validUntil: number;
  readonly host: LinkHost | undefined;
  readonly signal: AbortSignal;
}

/**
 * Puts a page into a bucket and signs a link to it. In a public bucket the page is private as well, since it holds links.
 * @throws WaybillError `oss` FileAlreadyExists unless it may replace an object
 */
export async function putPage(connection: Connection, session: Session, page: PutPage): Promise<SignedLink> {
  const { bucket, key, html, replaces, validUntil, host, signal } = page;
  const body = Buffer.from(html);
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'x-oss-object-acl': 'private',
    ...(replaces ? {} : { 'x-oss-forbid-overwrite': 'true' }),
  };
  await putObject(connection, { bucket, key, body, sizeBytes: body.length, headers, signal });
  const open = pageOpening(linkEndpoint(connection, host)) === 'shown' ? null : 'download';
  return signLink(connection, session, { bucket, key, versionId: null, validUntil, host, open, fileName: null });
}
