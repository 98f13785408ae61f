import { stat } from 'node:fs/promises';
import { MAX_FORM_FILE_BYTES } from '../../links/receiving/form-file.ts';
import { inspect } from '../../links/receiving/inspect.ts';
import { isManifest, readManifest } from '../../links/receiving/share-manifest.ts';
import { readNote } from '../../links/text/link-note.ts';
import type { LinkNote } from '../../links/text/link-note.ts';
import { readSignedUrls } from '../../links/text/pasted-link.ts';
import { readText } from '../../local-files/read-text.ts';
import type { SignedUrlParts } from '../../oss/signing/signed-url-parts.ts';
import { escapeControls } from '../../words/controls.ts';
import { UsageError } from '../arguments/command.ts';
import { noLinkMessage } from '../terminal/no-link-message.ts';
import { text as sentence } from '../terminal/sentences.ts';

/** A link to revoke. */
export interface GivenLink {
  readonly url: string;
  readonly parts: SignedUrlParts;
  /** Method and headers that the link is for, if its sender added them. */
  readonly note: LinkNote | null;
}

/** Links that one AccessKey signed, for one bucket. */
export interface GivenLinks {
  /** The one to try: of those that can be tried, the one that expires last. Another one's end says nothing about the rest. */
  readonly tried: GivenLink;
  readonly count: number;
  /** When the last of them expires, in Unix milliseconds. */
  readonly validUntil: number;
  /** The bucket that a manifest or a page names; null for links alone. */
  readonly bucket: string | null;
}

/**
 * The text of the file that `given` names; otherwise `given` itself, which holds a link.
 * @throws WaybillError `file`; UsageError for an argument, as `isArgument` says, that is neither
 */
export async function textGiven(given: string, isArgument: boolean): Promise<string> {
  if (/https?:/i.test(given) || given.length > 4096) return given;
  const found = await stat(given).catch(() => null);
  if (found?.isFile() === true) return (await readText(given, MAX_FORM_FILE_BYTES)) ?? '';
  if (isArgument && inspect(given, Date.now()).card.kind === 'not-a-link') {
    throw new UsageError(sentence('cli.revoke.no-file', { path: escapeControls(given) }));
  }
  return given;
}

/**
 * Reads links, one or several of the same signer, also out of a share manifest or a share page.
 * @throws UsageError for none, or for links of several signers or buckets
 */
export function readGivenLinks(text: string): GivenLinks {
  const { links, bucket } = linksIn(text);
  const [first] = links;
  const [tried] = links.toSorted((one, other) => rankOf(other) - rankOf(one));
  if (first === undefined || tried === undefined) {
    const { card } = inspect(text, Date.now());
    if (card.kind === 'cdn-link') throw new UsageError(sentence('cli.revoke.cdn', { host: escapeControls(card.host) }));
    throw new UsageError(card.kind === 'link' ? sentence('receive.not-a-link.title') : noLinkMessage(card));
  }
  if (!links.every(({ parts }) => isLike(parts, first.parts))) throw severalLinks(links.length);
  const validUntil = links.reduce((end, { parts }) => Math.max(end, parts.validUntil), 0);
  return { tried, count: links.length, validUntil, bucket };
}

/** By its end; what changes something can't be tried. */
function rankOf({ parts, note }: GivenLink): number {
  return note?.method === 'PUT' || note?.method === 'DELETE' ? -1 : parts.validUntil;
}

/** Whether the same AccessKey signed both, for the same bucket; a custom domain is one. */
function isLike(one: SignedUrlParts, other: SignedUrlParts): boolean {
  if (one.accessKeyId !== other.accessKeyId || one.bucket !== other.bucket) return false;
  return one.bucket !== null || one.host === other.host;
}

/** The error for links that can't be revoked at once. */
export function severalLinks(count: number): UsageError {
  return new UsageError(sentence('cli.several-links.revoke', { count }));
}

function linksIn(text: string): { readonly links: readonly GivenLink[]; readonly bucket: string | null } {
  if (isManifest(text)) {
    const { objects, bucket } = readManifest(text);
    return { links: objects.map(({ url, parts }) => ({ url, parts, note: null })), bucket };
  }
  const links = readSignedUrls(text).links.map(({ url, parts, fragment }) => {
    const note = readNote(fragment);
    return { url, parts, note: note === 'unreadable' ? null : note };
  });
  return { links, bucket: null };
}
