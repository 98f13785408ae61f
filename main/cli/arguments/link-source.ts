import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { withFileErrors } from '../../local-files/file-failure.ts';
import type { CommandContext } from './command.ts';
import { checkWords } from './options.ts';
import type { OptionTable } from '../usage/usage.ts';

/** The option of every command that takes a link. */
export const linkOptions = {
  'url-file': { type: 'string', argument: 'FILE', value: 'path', meaning: 'read the link from a file' },
} as const satisfies OptionTable;

/** What the help of such a command says about links. */
export const linkAbout =
  'A link is a secret, and every user of this computer can read a running command\'s arguments. Pass "-" as URL to read the link from stdin, or omit it and use --url-file or WAYBILL_LINK; URL itself works as well.';

/** A command's arguments without the link, and the text of the link. */
export interface LinkArgs {
  readonly link: string;
  readonly words: readonly string[];
}

/**
 * Finds the link of a command whose arguments are `names`, one of them `URL`: the argument itself, stdin if that is `-`, or,
 * if it's omitted, the file of --url-file, else WAYBILL_LINK. An argument of a process shows in its process list.
 * A URL is never the name of a file: it counts as the link, also where another one is given.
 * @throws UsageError for too few or too many arguments; WaybillError `file`
 */
export async function takeLink(
  words: readonly string[],
  names: readonly string[],
  urlFile: string | undefined,
  { env, signal }: Pick<CommandContext, 'env' | 'signal'>,
): Promise<LinkArgs> {
  const at = names.indexOf('URL');
  const others = names.toSpliced(at, 1);
  const hasUrl = words.some((word) => /^https?:\/\//i.test(word));
  if (urlFile !== undefined) {
    checkWords(words, hasUrl ? [] : others);
    return { link: await withFileErrors(urlFile, readFile(urlFile, 'utf8')), words };
  }
  const fromEnv = env['WAYBILL_LINK'] ?? '';
  if (fromEnv !== '' && !hasUrl && words.length < names.length) {
    checkWords(words, others);
    return { link: fromEnv, words };
  }
  checkWords(words, names);
  const word = words[at] ?? '';
  const link = word === '-' ? await textOf(addAbortSignal(signal, process.stdin)) : word;
  return { link, words: words.toSpliced(at, 1) };
}
