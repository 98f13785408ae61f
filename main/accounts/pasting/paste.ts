import { withoutInvisible } from '../../invisible.ts';
import { type Candidate, type PastedCredentials, type PasteProblem, toCredentials } from './paste-fields.ts';
import { pastedGroups } from './paste-groups.ts';
import { authCodesIn, type Found, jsonIn } from './paste-json.ts';

/** The result of reading pasted text. */
export type PasteReading =
  | {
      readonly kind: 'found';
      /** At least one. */
      readonly found: readonly PastedCredentials[];
      /** The index of the one to use first; null if the profile that the text calls current can't be used. */
      readonly preferred: number | null;
      /** What is wrong with these, or why others in the text were left out. */
      readonly problems: readonly PasteProblem[];
    }
  /** Credentials that can't be used. */
  | {
      readonly kind: 'unusable';
      readonly problems: readonly [PasteProblem, ...PasteProblem[]];
      /** Those that hold the values, for `in-variable`. */
      readonly variables: readonly string[];
    }
  /** An encrypted grant of Waybill, which needs a passphrase. */
  | { readonly kind: 'grant-code' }
  | { readonly kind: 'nothing' };

/** The start of every grant code. */
export const GRANT_PREFIX = 'waybill-grant:';

/** Longest text that is read, far above any configuration file; the rest is ignored. */
const MAX_CHARACTERS = 256 * 1024;

/**
 * Finds credentials in pasted text: the answers of STS, environment variables, configuration files of the aliyun CLI and
 * of ossutil, programs, the console's CSV, authorization codes of oss-browser. Accepts any text, never throws and sends
 * nothing.
 */
export function readPaste(text: string): PasteReading {
  const plain = plainText(text.slice(0, MAX_CHARACTERS));
  if (plain.includes(GRANT_PREFIX)) return { kind: 'grant-code' };
  const json = jsonIn(plain);
  if (json.objects.length > 0) return readingOf(fromJson(json), json.current);
  const codes = authCodesIn(plain);
  if (codes.objects.length > 0)
    return readingOf(
      codes.objects.map((fields) => toCredentials('auth-code', fields)),
      null,
    );
  return readingOf(
    pastedGroups(plain).map(({ source, fields }) => toCredentials(source, fields)),
    null,
  );
}

/** The signs that input methods and word processors made of plain ones, as they were meant; nothing invisible. */
function plainText(text: string): string {
  return withoutInvisible(text)
    .replaceAll('＝', '=')
    .replaceAll('：', ': ')
    .replaceAll('，', ', ')
    .replaceAll('；', '; ')
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .trim();
}

function fromJson({ objects }: Found): readonly Candidate[] {
  return objects.map((fields) =>
    toCredentials(fields.has('mode') || fields.has('name') ? 'aliyun-cli' : 'sts-json', fields),
  );
}

/** `current` is the name of the profile in use, if the text has that word. */
function readingOf(candidates: readonly Candidate[], current: string | null): PasteReading {
  const found = candidates.flatMap((candidate) => (candidate.kind === 'credentials' ? [candidate.credentials] : []));
  const [first, ...others] = new Set(
    candidates.flatMap((candidate) =>
      candidate.kind === 'nothing' || candidate.problem === null ? [] : [candidate.problem],
    ),
  );
  if (found.length === 0) {
    if (first === undefined) return { kind: 'nothing' };
    const named = candidates.flatMap((candidate) => (candidate.kind === 'left-out' ? (candidate.variables ?? []) : []));
    return { kind: 'unusable', problems: [first, ...others], variables: [...new Set(named)] };
  }
  const preferred = current === null ? 0 : found.findIndex(({ name }) => name === current);
  // A program that reads variables often stands beside the lines that set them.
  const problems = [first, ...others].filter((problem) => problem !== undefined && problem !== 'in-variable');
  return { kind: 'found', found, preferred: preferred === -1 ? null : preferred, problems };
}
