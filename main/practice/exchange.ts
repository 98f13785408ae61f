import type { Bucket } from './storage/bucket.ts';
import { ACCOUNT_ID, type Identity } from './signatures/identity.ts';
import type { BoundDomains } from './protocol/bound-domain.ts';
import type { SignedBy } from './signatures/verify.ts';
import { Refusal } from './protocol/refusal.ts';
import type { Store } from './storage/store.ts';
import type { Target } from './protocol/target.ts';

/** Bytes of a reply. */
interface ReplyStream {
  /** Null sends the body chunked, without Content-Length. */
  readonly sizeBytes: number | null;
  read(): AsyncIterable<Uint8Array>;
}

/** The result of an operation, sent by sendReply(). */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | ReplyStream;
}

/** What the whole account allows; see faults/restrictions.ts. */
export interface AccountSettings {
  /** Whether Block Public Access is on. */
  publicAccess: boolean;
  readonly publicAccessOfNewBuckets: boolean;
  /** Whether apps are refused on OSS's own hosts. */
  readonly packages: boolean;
  /** Whether bucket policies must say of which network an address is. */
  readonly policyNetworks: boolean;
  /** Milliseconds until a change of a bucket's policy takes effect. */
  readonly policyDelayMs: number;
}

/** An authenticated request, as an operation receives it. */
export interface Exchange {
  readonly method: string;
  readonly target: Target;
  /** Names in lower case; values with one character per byte. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly identity: Identity;
  /** Null for an anonymous request. */
  readonly signedBy: SignedBy | null;
  readonly restrictions: AccountSettings;
  readonly store: Store;
  /** The server's region. */
  readonly region: string;
  readonly customDomains: BoundDomains;
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: number;
  /** How long a restore takes, in milliseconds. */
  readonly restoreMs: number;
  /** The request body, paced by the request's traffic limit. */
  body(): AsyncIterable<Uint8Array>;
  /** @throws Refusal `AccessDenied` */
  authorise(action: string, bucket: string, key: string | null): void;
}

const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

/** The bucket the request names. */
export function bucketOf(x: Exchange): Bucket {
  return x.store.get(x.target.bucket ?? '');
}

/** The key the request names, `''` at bucket level. */
export function keyOf(x: Exchange): string {
  return x.target.key ?? '';
}

/** Reads a small body, such as an XML document, into memory. */
export async function bodyBytes(x: Exchange): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of x.body()) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_DOCUMENT_BYTES) throw entityTooLarge();
  }
  return Buffer.concat(chunks);
}

/** A reply with an XML document. */
export function xmlReply(body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, headers: { 'Content-Type': 'application/xml', ...headers }, body };
}

/** 400 `EntityTooLarge`. */
export function entityTooLarge(ec?: string): Refusal {
  return new Refusal(400, {
    code: 'EntityTooLarge',
    message: 'Your proposed upload exceeds the maximum allowed size.',
    ...(ec === undefined ? {} : { ec }),
  });
}

/** `Tue, 24 Nov 2026 11:30:00 GMT` */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** `2026-11-24T11:30:00.000Z` */
export function isoDate(ms: number): string {
  return new Date(ms).toISOString();
}

/** The owner of all buckets and objects. */
export const OWNER = { ID: ACCOUNT_ID, DisplayName: ACCOUNT_ID };
