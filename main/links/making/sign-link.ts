import type { Session } from '../../accounts/sts/credentials.ts';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { type SignedUrlOptions, signedUrlMaker } from '../../oss/signing/signed-url.ts';
import { own } from '../../own.ts';
import { linkEndpoint, type LinkWarning, linkWarnings } from './link-host.ts';
import { withNote } from '../text/link-note.ts';
import type { LinkMethod } from '../text/link-note.ts';
import type { LinkHost, LinkLifetime, LinkOptions } from './link-options.ts';
import { linkParts, type LinkParts } from './link-parts.ts';
import { checkLink } from './link-rules.ts';
import { lifetimeSeconds, linkValidity, type LinkValidity } from './validity.ts';

/** The object of a link, and the link's options. */
export interface LinkRequest extends LinkOptions {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
}

/** A link to hand out. `url` and `noted` are secrets: they are shown and copied, and stored only on request. */
export interface SignedLink extends LinkValidity {
  readonly url: string;
  /** The URL with a `#waybill=` note of method and headers; null for a plain download, which needs none. */
  readonly noted: string | null;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly method: LinkMethod;
  /** The headers that must be sent, exactly. */
  readonly headers: Readonly<Record<string, string>>;
  readonly warnings: readonly LinkWarning[];
}

/** Signs links that differ only in their object and expire at the same moment. */
export interface LinkSigner {
  readonly validity: LinkValidity;
  /** @throws WaybillError `input` for an object that OSS would reject */
  readonly urlOf: (object: Pick<LinkRequest, 'key' | 'versionId'>) => string;
}

/** A session with less time left isn't worth a link. */
const MIN_SESSION_LEFT_MS = 60_000;

/**
 * Signs a URL for one object, dated by the server's clock.
 * @throws WaybillError `credentials` expired-token if the session expires within a minute, `input` for what OSS would
 *   reject
 */
export function signLink(connection: Connection, session: Session, request: LinkRequest): SignedLink {
  const { bucket, key, versionId } = request;
  const parts = linkParts(request, request);
  const { validity, urlOf } = linkSigner(connection, session, request);
  const url = urlOf(request);
  const { method, headers } = parts;
  const isPlain = method === 'GET' && Object.keys(headers).length === 0;
  const warnings = linkWarnings({
    endpoint: linkEndpoint(connection, request.host),
    connection,
    signVersion: request.signVersion ?? connection.signVersion,
    ...{ key, parts, options: request },
  });
  return {
    ...validity,
    ...{ url, noted: isPlain ? null : withNote(url, parts) },
    ...{ bucket, key, versionId, method, headers, warnings },
  };
}

/** What all URLs share that are signed together. */
export interface LinkSigning {
  readonly validity: LinkValidity;
  readonly signing: Omit<SignedUrlOptions, 'method' | 'key'>;
}

/**
 * Prepares to sign URLs in one bucket that expire at the same moment, dated by the server's clock.
 * @throws WaybillError `credentials` expired-token if the session expires within a minute, `input` for a lifetime or a
 *   host that can't be
 */
export function prepareSigning(
  connection: Connection,
  session: Session,
  options: LinkLifetime & { readonly bucket: string; readonly host?: LinkHost | undefined },
): LinkSigning {
  const { region, clock } = connection;
  const signVersion = options.signVersion ?? connection.signVersion;
  const now = clock.now();
  if (typeof session.validUntil === 'number' && session.validUntil - now < MIN_SESSION_LEFT_MS) {
    throw new WaybillError({ kind: 'credentials', cause: 'token-expired' });
  }
  const expiresSeconds = lifetimeSeconds(options, now);
  const terms = { now, expiresSeconds, sessionValidUntil: session.validUntil, signVersion };
  const validity = linkValidity({ ...terms, clockOffsetMs: clock.offsetMs });
  const signing = {
    ...{ bucket: options.bucket, region, signVersion, accessKey: session.accessKey, signedAt: now },
    endpoint: linkEndpoint(connection, options.host),
    // The true expiry, so that the URL's own text agrees with `validity`.
    expiresSeconds: Math.floor(validity.validUntil / 1000) - Math.floor(now / 1000),
  };
  return { validity, signing };
}

/**
 * Prepares to sign links for objects of one bucket.
 * @throws WaybillError as signLink()
 */
export function linkSigner(
  connection: Connection,
  session: Session,
  options: LinkOptions & { readonly bucket: string },
): LinkSigner {
  const { validity, signing } = prepareSigning(connection, session, options);
  let last: { readonly parts: LinkParts; readonly make: (key: string) => string } | null = null;
  return {
    validity,
    urlOf: ({ key, versionId }) => {
      const parts = linkParts(options, { key, versionId });
      // Most links of a batch share their parameters: then only the key is signed again.
      if (last === null || !isSame(last.parts.params, parts.params)) {
        checkLink(parts);
        last = { parts, make: signedUrlMaker({ ...signing, ...parts }) };
      }
      return last.make(key);
    },
  };
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => own(a, name) === own(b, name));
}
