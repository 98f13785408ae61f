import type { CommandContext } from '../arguments/command.ts';

/** Asks at the terminal whether to go on: only `y` and `yes` do. False where nobody can be asked. */
export async function isAnsweredYes(
  question: string,
  { out, signal }: Pick<CommandContext, 'out' | 'signal'>,
): Promise<boolean> {
  const line = await out.ask?.(`${question} `, signal);
  return /^\s*y(es)?\s*$/i.test(line ?? '');
}
