import type { Session } from '../../accounts/sts/credentials.ts';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { signedUrlMaker } from '../../oss/signing/signed-url.ts';
import { linkEndpoint, linkWarnings } from './link-host.ts';
import { withNote } from './link-note.ts';
import type { LinkOptions } from './link-options.ts';
import { linkParts, type LinkParts } from './link-parts.ts';
import { checkLink } from './link-rules.ts';
import type { LinkValidity, SharedLink } from './shared-link.ts';
import { effectiveEnd, lifetimeSeconds } from './validity.ts';

/** What is to be shared, and with which options. */
export interface ShareRequest extends LinkOptions {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
}

/** One object of many that are shared with the same options. */
interface SharedObject {
  readonly key: string;
  readonly versionId: string | null;
}

/** Makes links that differ in their object alone, all until the same moment. */
export interface LinkMaker {
  readonly validity: LinkValidity;
  /** @throws WaybillError `input` for an object that OSS would refuse */
  readonly urlOf: (object: SharedObject) => string;
}

/** A session with less than this left is not worth a link. */
const SHORTEST_MS = 60_000;

/**
 * A signed URL for one object, dated by the server's clock.
 * @throws WaybillError `credentials` expired-token when the session ends within a minute, `input` for what OSS would refuse
 */
export function shareLink(connection: Connection, session: Session, request: ShareRequest): SharedLink {
  const { bucket, key, versionId } = request;
  const parts = linkParts(request, request);
  const { validity, urlOf } = linkMaker(connection, session, request);
  const url = urlOf(request);
  const { method, headers } = parts;
  const isPlain = method === 'GET' && Object.keys(headers).length === 0;
  const warnings = linkWarnings({
    endpoint: linkEndpoint(connection, request.host),
    signVersion: request.signVersion ?? connection.signVersion,
    ...{ key, parts, options: request },
  });
  return {
    ...validity,
    ...{ url, noted: isPlain ? null : withNote(url, parts) },
    ...{ bucket, key, versionId, method, headers, warnings },
  };
}

/**
 * Prepares links for objects of one bucket, dated by the server's clock.
 * @throws WaybillError as shareLink()
 */
export function linkMaker(
  connection: Connection,
  session: Session,
  options: LinkOptions & { readonly bucket: string },
): LinkMaker {
  const { bucket } = options;
  const { region, clock } = connection;
  const signVersion = options.signVersion ?? connection.signVersion;
  const now = clock.now();
  if (typeof session.validUntil === 'number' && session.validUntil - now < SHORTEST_MS) {
    throw new WaybillError({ kind: 'credentials', reason: 'expired-token' });
  }
  const asked = lifetimeSeconds(options, now);
  const validity = effectiveEnd({ now, expiresSeconds: asked, sessionValidUntil: session.validUntil, signVersion });
  const fixed = {
    ...{ bucket, region, signVersion, accessKey: session.accessKey, signedAt: now },
    endpoint: linkEndpoint(connection, options.host),
    // The true end, so that the link's own text says no other than `validity`.
    expiresSeconds: Math.floor(validity.validUntil / 1000) - Math.floor(now / 1000),
  };
  let last: { readonly parts: LinkParts; readonly make: (key: string) => string } | null = null;
  return {
    validity,
    urlOf: ({ key, versionId }) => {
      const parts = linkParts(options, { key, versionId });
      // What is bound is the same for most: then only the key is new.
      if (last === null || !isSame(last.parts.params, parts.params)) {
        checkLink(parts);
        last = { parts, make: signedUrlMaker({ ...fixed, ...parts }) };
      }
      return last.make(key);
    },
  };
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
