import type { Failure } from '../../failure.ts';
import { inspect } from '../../links/receiving/inspect.ts';
import type { LinkNote } from '../../links/text/link-note.ts';
import { readSignedUrl } from '../../links/text/pasted-link.ts';
import type { SignedUrlParts } from '../../oss/signing/signed-url-parts.ts';
import { UsageError } from './command.ts';
import type { Output } from '../terminal/output.ts';
import { noLinkMessage } from '../terminal/no-link-message.ts';
import { text as sentence } from '../terminal/sentences.ts';

/** A signed URL as given, with its parts and a name for its file. */
export interface SignedLink {
  readonly url: string;
  readonly parts: SignedUrlParts;
  readonly fileName: string;
  /** Sent unencrypted to another computer. */
  readonly exposed: boolean;
  /** Method and headers that the link is for, if its sender added them. */
  readonly note: LinkNote | null;
}

/** Reads a signed URL. @throws UsageError for anything else */
export function readLink(text: string, now: number): SignedLink {
  const reading = readSignedUrl(text);
  const { card } = inspect(text, now);
  if (reading.kind !== 'link' || card.kind !== 'link') {
    throw new UsageError(card.kind === 'link' ? sentence('receive.not-a-link.title') : noLinkMessage(card));
  }
  const { fileName, exposed, note } = card;
  return { url: reading.url, parts: reading.parts, fileName, exposed, note };
}

/** Warns on stderr where others can read what a link transfers. */
export function warnIfExposed({ exposed, parts }: Pick<SignedLink, 'exposed' | 'parts'>, out: Output): void {
  if (exposed) out.say(sentence('cli.exposed', { host: parts.host }));
}

/** Adds the link's expiry to a failure that doesn't have it, unless it's still ahead. */
export function withEnd(failure: Failure, { parts }: SignedLink): Failure {
  const isExpired = failure.kind === 'link' && failure.cause === 'expired';
  // By this computer's clock it may still be valid: the clocks differ.
  return isExpired && parts.validUntil <= Date.now() ? { at: parts.validUntil, ...failure } : failure;
}
