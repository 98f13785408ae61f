/** How long a link made now would be valid, and what limits it. */
export interface LinkValidity {
  /** Unix milliseconds, by the server's clock: the shorter of the chosen expiry and the session's end. */
  readonly validUntil: number;
  /** What ends the link: the expiry that was asked for, the session that signs it, or Signature V4's 7 days. */
  readonly limitedBy: 'expiry' | 'session' | 'v4-limit';
  /** The signing session's own end is not known, so the link may end earlier. */
  readonly sessionEndUnknown: boolean;
}

/** A signed URL that was made for somebody. `url` is a secret: shown, copied, never stored. */
export interface SharedLink extends LinkValidity {
  readonly url: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
}
