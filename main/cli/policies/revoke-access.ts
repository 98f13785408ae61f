import { policyEditor } from '../../links/revoking/policy-text.ts';
import { type AccessRule, mayAllow } from '../../policies/access-rule.ts';
import { parsePrincipal, writtenPrincipal } from '../../policies/principal.ts';
import { readAccess, rulesOf } from '../../policies/read-access.ts';
import { accessToTake, takeAccess } from '../../policies/take-access.ts';
import { parseAddress } from '../arguments/address.ts';
import { type CommandContext, UsageError } from '../arguments/command.ts';
import { connect } from '../arguments/connect.ts';
import { readArgs, serverOptions } from '../arguments/options.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';
import { printRules } from './rule-lines.ts';

/** The options of `access revoke`, besides those of the server. */
export const revokeOptions = {
  from: {
    ...{ type: 'string', argument: 'WHO' },
    meaning: 'whose access to take away: in rules for nothing else than the prefix',
  },
  id: {
    ...{ type: 'string', multiple: true, argument: 'ID' },
    meaning: 'a rule as ls lists it, for all whom it names, a Deny too',
  },
} as const satisfies OptionTable;

/** `access revoke`: prints the rules that it changed. @returns 1 if other rules still let the same one in, or may */
export async function revokeAccess(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, words } = readArgs(args, { ...revokeOptions, ...serverOptions }, ['oss://bucket/prefix']);
  const { bucket, key: prefix } = parseAddress(words[0] ?? '');
  const { from, id: ids = [] } = values;
  if ((from === undefined) === (ids.length === 0)) {
    throw new UsageError(sentence('cli.either', { first: '--from', second: '--id' }));
  }
  const principal = from === undefined ? null : writtenPrincipal(parsePrincipal(from));
  const connection = await connect(values, context, bucket);
  const { signal, out } = context;
  const rules = rulesOf(await readAccess(connection, { bucket, prefix }, signal));
  const taken =
    principal === null ? ids.map((id) => ({ id, principal: null })) : accessToTake(rules, principal, prefix);
  if (taken.length > 0) {
    await takeAccess(connection, bucket, taken, { editor: policyEditor(), signal });
    const gone = new Set(taken.map(({ id }) => id));
    await printRules(
      rules.filter(({ id }) => gone.has(id)),
      values.json === true,
      { ...out, say: () => undefined },
    );
    out.say(sentence('cli.access.taken', { bucket }));
  }
  if (principal === null) return 0;
  const left = rulesOf(await readAccess(connection, { bucket, prefix }, signal));
  const still = left.filter((rule) => mayAllow(rule, principal));
  for (const rule of still) out.say(leftMessage(rule));
  if (taken.length === 0 && still.length === 0) out.say(sentence('cli.access.none', { bucket }));
  return still.length === 0 ? 0 : 1;
}

function leftMessage({ id, kind }: AccessRule): string {
  return sentence(kind === 'read' ? 'cli.access.still' : 'cli.access.unclear', { id });
}
