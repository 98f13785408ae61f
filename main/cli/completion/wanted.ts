import { own } from '../../own.ts';
import type { OptionTable, Usage, ValueKind } from '../usage/usage.ts';

/** A text that can stand at the cursor. */
export interface Candidate {
  readonly value: string;
  readonly meaning?: string;
}

/** What can stand at the cursor: one of these texts, or what a kind of value names, behind `before` in the same word. */
export type Wanted =
  | { readonly kind: 'choices'; readonly candidates: readonly Candidate[] }
  | {
      readonly kind: Exclude<ValueKind, readonly string[]> | 'bucket-name';
      readonly before: string;
      readonly text: string;
    };

/** What the words before the cursor say, as far as completing needs it. */
interface Read {
  readonly given: ReadonlySet<string>;
  readonly positional: readonly string[];
  /** The option whose value the cursor is at. */
  readonly open: string | null;
}

/**
 * What can stand at the cursor of a command.
 * @param words what stands between the command and the cursor
 * @param current the word at the cursor, up to the cursor
 */
export function wantedAt(usage: Usage, words: readonly string[], current: string): Wanted {
  const all = Object.assign(
    {},
    usage.options,
    ...Object.values(usage.steps ?? {}).map((step) => step.options),
  ) as OptionTable;
  const { given, positional, open } = readWords(all, words);
  const { options, kinds } = formOf(usage, positional[0]);
  if (open !== null) return valueOf(all, open, current, '');
  const [, name, text = ''] = /^--([a-z0-9-]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined) return valueOf(all, name, text, `--${name}=`);
  if (current.startsWith('-')) return choices(optionCandidates(options, given), current);
  const kind = kinds[Math.min(positional.length, kinds.length - 1)];
  return kind === undefined ? none : wanted(kind === 'bucket' ? 'bucket' : kind, current, '');
}

const none: Wanted = { kind: 'choices', candidates: [] };

function readWords(options: OptionTable, words: readonly string[]): Read {
  const given = new Set<string>();
  const positional: string[] = [];
  let open: string | null = null;
  for (const word of words) {
    const [, name, value] = /^--([a-z0-9-]+)(=.*)?$/s.exec(word) ?? [];
    if (open !== null) open = null;
    else if (name === undefined) positional.push(word);
    else {
      given.add(name);
      if (own(options, name)?.type === 'string' && value === undefined) open = name;
    }
  }
  return { given, positional, open };
}

/** The options and arguments of a command, or of the command of the command that the first word names. */
function formOf(
  { steps, options, words }: Usage,
  first: string | undefined,
): { readonly options: OptionTable; readonly kinds: readonly ValueKind[] } {
  const step = steps === undefined || first === undefined ? undefined : own(steps, first);
  if (step === undefined) return { options, kinds: words };
  return { options: { ...step.options, ...options }, kinds: [...words, ...step.words] };
}

function optionCandidates(options: OptionTable, given: ReadonlySet<string>): Candidate[] {
  return Object.entries(options)
    .filter(([name, { multiple }]) => multiple === true || !given.has(name))
    .map(([name, { meaning }]) => ({ value: `--${name}`, meaning }));
}

function valueOf(options: OptionTable, name: string, text: string, before: string): Wanted {
  const option = own(options, name);
  if (option === undefined || option.type === 'boolean') return none;
  const { value: kind = 'text', isList } = option;
  const lastComma = isList === true ? text.lastIndexOf(',') + 1 : 0;
  const head = before + text.slice(0, lastComma);
  const taken = new Set(text.slice(0, lastComma).split(','));
  const left = typeof kind === 'string' ? kind : kind.filter((choice) => !taken.has(choice));
  return wanted(left === 'bucket' ? 'bucket-name' : left, text.slice(lastComma), head);
}

function wanted(kind: ValueKind | 'bucket-name', text: string, before: string): Wanted {
  if (typeof kind === 'string') return { kind, text, before };
  return choices(
    kind.map((value) => ({ value: before + value })),
    before + text,
  );
}

function choices(candidates: readonly Candidate[], start: string): Wanted {
  return { kind: 'choices', candidates: candidates.filter(({ value }) => value.startsWith(start)) };
}
