/** What the transfer engine does about a cause. `none`: only a person can change something. */
export type Remedy =
  | 'retry'
  /** Renew the credentials once, then retry. */
  | 'renew'
  /** Wait for other credentials. */
  | 'credentials'
  /** Wait for a new link. */
  | 'fresh-link'
  | 'none';

/** What a cause is about, and what helps: for a request of one's own, and through a link that someone else signed. */
interface CauseFacts {
  /** `signer`: whoever signed must act, which is the account's holder or the link's sender. `request`: neither. */
  readonly about: 'signer' | 'request';
  readonly remedy: Remedy;
  /** Where a link needs another remedy. */
  readonly linkRemedy?: Remedy;
}

const request = { about: 'request', remedy: 'none' } as const;
const passing = { about: 'request', remedy: 'retry' } as const;
const signer = { about: 'signer', remedy: 'none' } as const;

/**
 * Every cause that an answer of OSS or STS can have. The first block is about whoever signed, the second about the
 * request, the bucket or the service. Which answer has which cause: main/oss/exchange/cause.ts.
 */
const causes = {
  /** The link has expired. */
  expired: { ...signer, linkRemedy: 'fresh-link' },
  /** The link starts later. */
  'not-yet-valid': { ...signer, linkRemedy: 'retry' },
  /** The link's signature doesn't fit this method, these headers or this text. */
  'link-mismatch': signer,
  /** The signature covers a header that wasn't sent. */
  'header-missing': signer,
  /** The AccessKey ID doesn't exist, was deleted, or is disabled. */
  'wrong-key': { ...signer, remedy: 'renew', linkRemedy: 'none' },
  'wrong-secret': { ...signer, remedy: 'credentials', linkRemedy: 'none' },
  /** The security token doesn't belong to this AccessKey ID, or isn't one. */
  'token-mismatch': { ...signer, remedy: 'renew', linkRemedy: 'none' },
  'token-expired': { ...signer, remedy: 'renew', linkRemedy: 'fresh-link' },
  /** A temporary AccessKey ID was used without its security token. */
  'no-token': { ...signer, remedy: 'credentials', linkRemedy: 'none' },
  /** The V4 signature is for another region than the bucket's. */
  'wrong-region-signature': signer,
  /** The bucket or account accepts Signature V4 only. */
  'v1-refused': signer,
  /** ACL, RAM policy, bucket policy or session policy. */
  'denied-by-policy': signer,
  /** The bucket's hotlink protection. */
  'denied-by-referer': signer,
  /** The address or network that the request came from. */
  'denied-by-source': signer,
  /** This computer's clock. */
  'clock-skew': signer,
  /** STS refused to issue a session for the role. */
  'role-refused': { ...signer, remedy: 'credentials' },
  /** The source of the account's credentials has none: a variable, a profile, a program that isn't there. */
  'source-missing': { ...signer, remedy: 'credentials' },
  /** The source doesn't answer, or not in time. */
  'source-silent': { ...signer, remedy: 'retry' },
  /** The source answered with an error. */
  'source-refused': { ...signer, remedy: 'credentials' },
  /** What the source answered isn't credentials. */
  'source-malformed': { ...signer, remedy: 'credentials' },
  /** What the source has to give has expired, or the sign-in behind it. */
  'source-expired': { ...signer, remedy: 'credentials' },
  /** The source can't be used: its settings are incomplete, of an unknown kind, or turned off. */
  'source-unusable': { ...signer, remedy: 'credentials' },

  /** The bucket is at another endpoint, which the answer names. */
  'wrong-endpoint': request,
  /** The bucket serves data through a custom domain only. */
  'needs-custom-domain': request,
  /** Block Public Access is on. */
  'public-access-blocked': request,
  /** OSS suspended the account that owns the bucket. */
  'account-disabled': request,
  /** The account that owns the bucket has an overdue payment. */
  arrears: request,
  archived: request,
  /** The target of a symlink doesn't exist. */
  'symlink-broken': request,
  /** Stored, but the callback server didn't accept the notification. */
  'callback-failed': request,
  /** .apk and .ipa files aren't served from OSS's own domains. */
  'apk-forbidden': request,
  /** The answer points to another address. Signed requests follow no redirect. */
  redirected: request,
  /** What answered isn't OSS. */
  'not-oss': request,
  /** The address isn't signed, and the object isn't public. */
  'not-public': request,
  'no-such-bucket': request,
  'no-such-key': request,
  'no-such-version': request,
  /** The multipart upload was completed or aborted. */
  'no-such-upload': request,
  /** There is an object already, and the request forbids overwriting it. */
  exists: request,
  /** A retention policy protects the object. */
  immutable: request,
  /** The object isn't the one that was asked for. */
  changed: request,
  /** The original of a move changed after it was copied. */
  'changed-since-copied': request,
  /** The object isn't the one that a manifest was created for. */
  'changed-since-shared': request,
  'bad-tag': request,
  'bad-bucket-name': request,
  'bucket-exists': request,
  'bucket-not-empty': request,
  /** Too many requests, or too much traffic. */
  busy: passing,
  'server-error': passing,
  /** The body didn't arrive in time. */
  timeout: passing,
  /** The reply was cut short or damaged on the way. */
  malformed: passing,
  /** Anything else: OSS's own sentence says it. */
  other: request,
} as const satisfies Readonly<Record<string, CauseFacts>>;

/** Why OSS or STS refused a request. */
export type Cause = keyof typeof causes;

/** Causes about whoever signed. */
export type SignerCause = { [C in Cause]: (typeof causes)[C]['about'] extends 'signer' ? C : never }[Cause];

/** Causes about the request, the bucket or the service. */
export type RequestCause = Exclude<Cause, SignerCause>;

/** All causes, in the order of the table. */
export const allCauses = Object.keys(causes) as readonly Cause[];

/** Whether whoever signed must act. */
export function isSignerCause(cause: Cause): cause is SignerCause {
  return causes[cause].about === 'signer';
}

/** Whether the request, the bucket or the service is at fault. */
export function isRequestCause(cause: Cause): cause is RequestCause {
  return !isSignerCause(cause);
}

/** What helps; `through`: whether an account signed the request or someone's link did. */
export function remedyOf(cause: Cause, through: 'account' | 'link'): Remedy {
  const { remedy, linkRemedy }: CauseFacts = causes[cause];
  return through === 'link' ? (linkRemedy ?? remedy) : remedy;
}
