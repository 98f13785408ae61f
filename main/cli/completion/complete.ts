import { parseArgs } from 'node:util';
import { within } from '../../http/within.ts';
import { own } from '../../own.ts';
import type { CommandContext } from '../arguments/command.ts';
import { serverOptions } from '../arguments/options.ts';
import { sessionOptions } from '../arguments/session-options.ts';
import { commandNamed } from '../command-table.ts';
import { windowAccounts } from '../credentials/window-accounts.ts';
import { summaries } from '../usage/overview.ts';
import type { Usage } from '../usage/usage.ts';
import { addresses, bucketNames } from './remote-names.ts';
import { readShellLine, type ShellLine, shellText } from './shell-line.ts';
import { type Candidate, type Wanted, wantedAt } from './wanted.ts';

/** After this long, a shell completes nothing that has to be asked for. */
const PATIENCE_MS = 2000;

/** What a shell shows, or the kind of path that it completes itself. */
type Answer = readonly Candidate[] | 'path' | 'folder';

/**
 * `__complete words WORD…` and `__complete bash COMP_WORDBREAKS LINE`: prints on the first line `words`, `path` or
 * `folder`, then, for words, one candidate a line, with a tab before its meaning. Says nothing of failures, asks nothing,
 * and waits for a server for two seconds at most.
 */
export async function complete([form, ...args]: readonly string[], context: CommandContext): Promise<number> {
  const { out } = context;
  const quiet: CommandContext = {
    ...context,
    out: { ...out, say: () => undefined, terminal: null, ask: null },
    signal: within(PATIENCE_MS, context.signal),
  };
  const line = form === 'bash' ? readShellLine(args[1] ?? '', args[0] ?? '') : null;
  const words = line === null ? args : line.words.slice(1);
  const answer = await answerTo(words, quiet).catch((): Answer => []);
  await out.answer(
    typeof answer === 'string' ? answer : ['words', ...answer.map((one) => lineOf(one, line))].join('\n'),
  );
  return 0;
}

function lineOf({ value, meaning = '' }: Candidate, line: ShellLine | null): string {
  return line === null ? `${value}\t${meaning}` : shellText(value, line);
}

async function answerTo(words: readonly string[], context: CommandContext): Promise<Answer> {
  const current = words.at(-1) ?? '';
  const [name, ...before] = words.slice(0, -1);
  if (name === undefined) {
    const commands = Object.entries(summaries).map(([value, meaning]) => ({ value, meaning }));
    return commands.filter(({ value }) => value.startsWith(current));
  }
  const { usage } = (await commandNamed(name)?.()) ?? {};
  if (usage === undefined) return [];
  return resolve(wantedAt(usage, before, current), signValues(usage, before), context);
}

async function resolve(wanted: Wanted, values: SignValues, context: CommandContext): Promise<Answer> {
  if (wanted.kind === 'choices') return wanted.candidates;
  const { kind, before, text } = wanted;
  const named = (names: readonly string[]): Candidate[] =>
    names.filter((name) => name.startsWith(text)).map((name) => ({ value: before + name }));
  switch (kind) {
    case 'address':
      return named(await addresses(text, values, context));
    case 'bucket': {
      const found = (await addresses(text, values, context)).map((address) => address.replace(/(?<=[^/])\/$/, ''));
      return named(found);
    }
    case 'bucket-name':
      return named(await bucketNames(text, values, context));
    case 'account':
      return named((await windowAccounts(values, context)).list().map(({ name }) => name));
    case 'profile': {
      const { profiles } = await (await windowAccounts(values, context)).profiles();
      return named(profiles.map(({ profile }) => profile.name));
    }
    case 'path':
      if (text.startsWith('oss:')) return named(await addresses(text, values, context));
      return 'path';
    case 'folder':
      return 'folder';
    case 'text':
      return [];
    default:
      return kind satisfies never;
  }
}

const signOptions = { ...serverOptions, ...sessionOptions } as const;

type SignValues = ReturnType<typeof parseSignValues>;

/** The options that say where and as whom to ask, of a line that may have others and isn't finished. */
function signValues({ options }: Usage, words: readonly string[]): SignValues {
  // The role of a link or a grant isn't one that lists.
  const known = 'session-duration' in options ? signOptions : serverOptions;
  const values = parseSignValues(words, options);
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      const type = own(known, name)?.type;
      return type !== undefined && typeof value === type;
    }),
  );
}

function parseSignValues(words: readonly string[], options: Usage['options']) {
  const merged = { ...options, ...signOptions };
  return parseArgs<{ args: string[]; options: typeof signOptions; allowPositionals: true; strict: false }>({
    ...{ args: [...words], options: merged, allowPositionals: true, strict: false },
  }).values as {
    [K in keyof typeof signOptions]?: (typeof signOptions)[K]['type'] extends 'boolean' ? boolean : string;
  };
}
