import { secretsOf } from '../../oss/signing/signed-url-parts.ts';
import type { CdnUrl } from './cdn-url.ts';
import { type LinkNote, readNote } from './link-note.ts';
import type { LinkRepair } from './link-repairs.ts';
import { type NoLink, type PastedLink, readSignedUrls } from './pasted-link.ts';

/** What a pasted text is, with every field of its link decoded. It holds the link's secrets. Times in Unix seconds. */
export type LinkFields =
  | {
      readonly reading: 'link';
      readonly url: string;
      readonly host: string;
      readonly bucket: string | null;
      readonly key: string;
      readonly version: 'v1' | 'v4';
      readonly accessKeyId: string;
      readonly signature: string | null;
      readonly expiresAt: number;
      readonly securityToken: string | null;
      readonly query: Readonly<Record<string, string>>;
      readonly note: LinkNote | 'unreadable' | null;
      readonly repairs: readonly LinkRepair[];
    }
  | {
      readonly reading: 'links';
      readonly count: number;
      readonly keys: readonly string[];
      readonly urls: readonly string[];
    }
  | { readonly reading: 'damaged' | 'unsupported'; readonly reason: string }
  | { readonly reading: 'unsigned-oss' | 'foreign'; readonly host: string }
  | {
      readonly reading: 'cdn';
      readonly url: string;
      readonly host: string;
      readonly key: string;
      readonly type: CdnUrl['type'];
      readonly signedAt: number;
    }
  | { readonly reading: 'nothing' };

/** Reads a pasted text into the fields that scripts use. Sends nothing. */
export function linkFieldsOf(text: string): LinkFields {
  const { links, otherwise } = readSignedUrls(text);
  const [first, ...more] = links;
  if (first === undefined) return fieldsWithoutLink(otherwise);
  if (more.length === 0) return fieldsOfLink(first);
  const keys = links.map(({ parts }) => parts.key);
  return { reading: 'links', count: links.length, keys, urls: links.map(withFragment) };
}

function fieldsOfLink(link: PastedLink): LinkFields {
  const { host, bucket, key, signVersion, accessKeyId, validUntil, params } = link.parts;
  return {
    reading: 'link',
    url: withFragment(link),
    ...{ host, bucket, key, accessKeyId },
    version: signVersion,
    ...secretsOf(link.url),
    expiresAt: validUntil / 1000,
    query: Object.fromEntries(params),
    note: readNote(link.fragment),
    repairs: link.repaired,
  };
}

/** The repaired URL with its note, if it has one. */
function withFragment({ url, fragment }: PastedLink): string {
  return readNote(fragment) === null ? url : `${url}#${fragment}`;
}

function fieldsWithoutLink(found: NoLink): LinkFields {
  switch (found.kind) {
    case 'damaged':
      return { reading: 'damaged', reason: found.reason };
    case 'unsupported':
      return { reading: 'unsupported', reason: 'v2' };
    case 'unsigned':
      return { reading: 'unsigned-oss', host: found.host };
    case 'cdn': {
      const { url, host, type, signedAt, parts } = found;
      return { reading: 'cdn', url, host, key: parts.key, type, signedAt: signedAt / 1000 };
    }
    case 'foreign':
      return { reading: 'foreign', host: found.host };
    case 'not-a-link':
      return { reading: 'nothing' };
    default:
      return found satisfies never;
  }
}
