import type { Session } from '../accounts/credentials.ts';
import { WaybillError } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import { MAX_V4_EXPIRES_SECONDS } from '../oss/limits.ts';
import { makeSignedUrl } from '../oss/signed-url.ts';
import { contentDisposition } from './content-disposition.ts';
import type { SharedLink } from './shared-link.ts';
import { effectiveEnd } from './validity.ts';

/** What is to be shared, and how it opens at the receiver's. */
export interface ShareRequest {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly expiresSeconds: number;
  /** The name the receiver's browser saves under; null keeps the key's. */
  readonly fileName: string | null;
  /** Null leaves it to the object's own headers. */
  readonly open: 'preview' | 'download' | null;
}

/** A session with less than this left is not worth a link. */
const SHORTEST_MS = 60_000;

/**
 * A signed URL for one object, dated by the server's clock.
 * @throws WaybillError `credentials` expired-token when the session ends within a minute, `input` for what OSS would refuse
 */
export function shareLink(connection: Connection, session: Session, request: ShareRequest): SharedLink {
  const { bucket, key, versionId } = request;
  const { signVersion, endpoint, region, clock } = connection;
  const now = clock.now();
  if (typeof session.validUntil === 'number' && session.validUntil - now < SHORTEST_MS) {
    throw new WaybillError({ kind: 'credentials', reason: 'expired-token' });
  }
  const validity = effectiveEnd({
    now,
    expiresSeconds: request.expiresSeconds,
    sessionValidUntil: session.validUntil,
    signVersion,
  });
  const disposition = contentDisposition(request.open, request.fileName, key);
  const url = makeSignedUrl({
    method: 'GET',
    bucket,
    key,
    endpoint,
    region,
    signVersion,
    accessKey: session.accessKey,
    signedAt: now,
    expiresSeconds:
      signVersion === 'v4' ? Math.min(request.expiresSeconds, MAX_V4_EXPIRES_SECONDS) : request.expiresSeconds,
    params: {
      ...(versionId === null ? {} : { versionId }),
      ...(disposition === null ? {} : { 'response-content-disposition': disposition }),
    },
  });
  return { ...validity, url, bucket, key, versionId };
}
