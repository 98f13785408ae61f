import { setTimeout as delay } from 'node:timers/promises';
import type { LockPassphrase } from '../../accounts/passphrases/lock-passphrase.ts';
import { WaybillError } from '../../failure.ts';
import { type CommandContext, UsageError } from '../arguments/command.ts';
import { text } from '../terminal/sentences.ts';
import { askPassphrase } from '../terminal/typed-passphrase.ts';

/**
 * Has the passphrase of the window's lock typed. An attempt counts as in the window, and has to wait as there; each
 * command has one. Neither a variable nor an argument can hold the passphrase: anyone at a computer that was left
 * alone could read both.
 * @throws UsageError without a terminal; WaybillError `input` for a wrong passphrase, `keychain`
 */
export async function passLock(passphrase: LockPassphrase, { out, signal }: CommandContext): Promise<void> {
  if (out.ask === null) throw new UsageError(text('cli.account.locked'));
  const waitMs = await passphrase.waitMs();
  if (waitMs > 0) {
    out.say(text('cli.account.wait', { seconds: Math.ceil(waitMs / 1000) }));
    await delay(waitMs, undefined, { signal });
  }
  const typed = await askPassphrase(text('cli.account.passphrase'), signal);
  if ((await passphrase.check(typed)) !== 'right') {
    throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'lock-passphrase' });
  }
  await passphrase.forgetAttempts();
}
