import { withoutInvisible } from '../../invisible.ts';
import { nameOf, type PastedCredentials, type PastedSource, toCredentials } from './paste-fields.ts';
import { pastedGroups } from './paste-groups.ts';
import { objectsIn, parseBase64Json, parseJsonObject } from './paste-json.ts';

/** The result of reading pasted text. */
export type PasteReading =
  /** At least one. The current profile of a configuration file comes first. */
  | { readonly kind: 'found'; readonly found: readonly PastedCredentials[] }
  /** An encrypted grant of Waybill, which needs a passphrase. */
  | { readonly kind: 'grant-code' }
  /** An AccessKey ID without its secret, or a secret without its ID. */
  | { readonly kind: 'incomplete'; readonly missing: 'accessKeyId' | 'accessKeySecret' }
  | { readonly kind: 'nothing' };

/** The start of every grant code. */
export const GRANT_PREFIX = 'waybill-grant:';

/** Longest text that is read, far above any configuration file; the rest is ignored. */
const MAX_CHARACTERS = 256 * 1024;

/**
 * Finds credentials in pasted text: JSON as STS returns it, environment variables, configuration files of the aliyun
 * CLI and of ossutil, authorization codes of oss-browser. Accepts any text, never throws and sends nothing.
 */
export function readPaste(text: string): PasteReading {
  const trimmed = plainText(text.slice(0, MAX_CHARACTERS));
  if (trimmed.includes(GRANT_PREFIX)) return { kind: 'grant-code' };
  const json = parseJsonObject(trimmed);
  if (json !== undefined) return readingOf(fromJson(json));
  const decoded = parseBase64Json(trimmed);
  if (decoded !== undefined) return readingOf(fromJson(decoded, 'auth-code'));
  return readingOf(pastedGroups(trimmed).map(({ source, fields }) => toCredentials(source, fields)));
}

/** The signs that input methods and word processors made of plain ones, as they were meant; nothing invisible. */
function plainText(text: string): string {
  return withoutInvisible(text)
    .replaceAll('＝', '=')
    .replaceAll('：', ': ')
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .trim();
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
