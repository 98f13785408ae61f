import { nameOf, type PastedCredentials, type PastedSource, toCredentials } from './paste-fields.ts';
import { pastedGroups } from './paste-groups.ts';
import { objectsIn, parseBase64Json, parseJson } from './paste-json.ts';

/** What was found in a pasted text. */
export type PasteReading =
  /** At least one; the one that a configuration file calls current comes first. */
  | { readonly kind: 'found'; readonly found: readonly PastedCredentials[] }
  /** An encrypted grant of Waybill's, which takes a passphrase to open. */
  | { readonly kind: 'grant-code' }
  /** An AccessKey ID without its secret, or a secret without its ID. */
  | { readonly kind: 'incomplete'; readonly missing: 'accessKeyId' | 'accessKeySecret' }
  | { readonly kind: 'nothing' };

/** What every grant code begins with. */
export const GRANT_PREFIX = 'waybill-grant:';

/** More than any configuration file has. What is beyond it is not read. */
const MOST_CHARACTERS = 256 * 1024;

/**
 * Reads credentials out of what a person pasted: JSON as STS returns it, environment lines, configuration files of the
 * aliyun CLI and of ossutil, authorization codes of oss-browser. Sends nothing; the text may be anything.
 */
export function readPaste(text: string): PasteReading {
  const trimmed = text
    .slice(0, MOST_CHARACTERS)
    .replace(/^\uFEFF/, '')
    .trim();
  if (trimmed.includes(GRANT_PREFIX)) return { kind: 'grant-code' };
  const json = parseJson(trimmed);
  if (json !== undefined) return readingOf(fromJson(json));
  const decoded = parseBase64Json(trimmed);
  if (decoded !== undefined) return readingOf(fromJson(decoded, 'auth-code'));
  return readingOf(pastedGroups(trimmed).map(({ source, fields }) => toCredentials(source, fields)));
}

type Candidate = ReturnType<typeof toCredentials>;

function fromJson(value: unknown, source?: PastedSource): readonly Candidate[] {
  const { objects, current } = objectsIn(value);
  const candidates = objects.map((fields) =>
    toCredentials(source ?? (fields.has('mode') || fields.has('name') ? 'aliyun-cli' : 'sts-json'), fields),
  );
  const isCurrent = (candidate: Candidate): boolean => current !== null && nameOf(candidate) === current;
  return [...candidates.filter(isCurrent), ...candidates.filter((candidate) => !isCurrent(candidate))];
}

function readingOf(candidates: readonly Candidate[]): PasteReading {
  const found = candidates.flatMap((candidate) => (candidate.kind === 'credentials' ? [candidate.credentials] : []));
  if (found.length > 0) return { kind: 'found', found };
  const incomplete = candidates.find(({ kind }) => kind === 'incomplete');
  return incomplete?.kind === 'incomplete' ? incomplete : { kind: 'nothing' };
}
