import type { LinkWarning } from './link-host.ts';
import type { LinkMethod } from './link-options.ts';
import type { InputFailure } from './link-rules.ts';

/** How long a link made now would be valid, and what limits it. */
export interface LinkValidity {
  /** Unix milliseconds, by the server's clock: the shorter of the chosen expiry and the session's end. */
  readonly validUntil: number;
  /** What ends the link: the expiry that was asked for, the session that signs it, or Signature V4's 7 days. */
  readonly limitedBy: 'expiry' | 'session' | 'v4-limit';
  /** The signing session's own end is not known, so the link may end earlier. */
  readonly sessionEndUnknown: boolean;
}

/** A signed URL that was made for somebody. `url` and `noted` are secrets: shown, copied, never stored. */
export interface SharedLink extends LinkValidity {
  readonly url: string;
  /** The URL with a `#waybill=` fragment that tells method and headers; null where there is nothing to tell. */
  readonly noted: string | null;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly method: LinkMethod;
  /** What the link's user must send, exactly. */
  readonly headers: Readonly<Record<string, string>>;
  readonly warnings: readonly LinkWarning[];
}

/** What a link would be, before it is made. */
export interface LinkPlan {
  /** Null where the lifetime itself is refused. */
  readonly validity: LinkValidity | null;
  /** What OSS would refuse, each with its field, rule and allowed range; empty: the link can be made. */
  readonly problems: readonly InputFailure[];
  readonly warnings: readonly LinkWarning[];
}
