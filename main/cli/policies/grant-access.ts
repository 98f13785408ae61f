import { type Permission, permissions, sourceIpSchema } from '../../accounts/sts/policy.ts';
import { isDenied, toFailure } from '../../failure.ts';
import { policyEditor } from '../../links/revoking/policy-text.ts';
import { readRule } from '../../policies/access-rule.ts';
import { type AccessPlan, giveAccess, type NewAccess, planAccess } from '../../policies/give-access.ts';
import { parseAddress } from '../arguments/address.ts';
import { choiceError, type CommandContext, UsageError } from '../arguments/command.ts';
import { connect } from '../arguments/connect.ts';
import { readLifetime } from '../arguments/link-options.ts';
import { type Parsed, readArgs, serverOptions } from '../arguments/options.ts';
import { isoTime } from '../terminal/output.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { isAnsweredYes } from '../terminal/yes-question.ts';
import type { OptionTable } from '../usage/usage.ts';
import { printRules } from './rule-lines.ts';

/** The options of `access grant`, besides those of the server. */
export const grantOptions = {
  to: { type: 'string', argument: 'WHO', meaning: 'who gets access' },
  allow: {
    ...{ type: 'string', default: 'read,list', argument: 'LIST', value: permissions, isList: true },
    meaning: `comma-separated list of ${permissions.join(', ')}; default read,list; everyone: read,list at most`,
  },
  expires: { type: 'string', argument: 'TIME', meaning: 'until then: 900 (seconds), 15m, 12h, 7d, 90d' },
  until: {
    ...{ type: 'string', argument: 'TIME' },
    meaning: 'a moment instead of --expires, such as 2026-12-24T18:00:00Z',
  },
  'source-ip': {
    ...{ type: 'string', multiple: true, argument: 'ADDRESS' },
    meaning: 'only from this address or range, and from the internet unless --vpc is given',
  },
  vpc: { type: 'string', argument: 'ID', meaning: 'only from this VPC' },
  'show-policy': { type: 'boolean', meaning: 'print the statements as JSON and send nothing' },
  yes: { type: 'boolean', meaning: 'give everyone access, or all sessions of a role, without being asked' },
} as const satisfies OptionTable;

const options = { ...grantOptions, ...serverOptions } as const;

type GrantValues = Parsed<typeof options>['values'];

/** `access grant`. @returns the exit code */
export async function grantAccess(args: readonly string[], context: CommandContext): Promise<number> {
  const { out, signal } = context;
  const { values, words } = readArgs(args, options, ['oss://bucket/prefix']);
  const { bucket, key: prefix } = parseAddress(words[0] ?? '');
  const read = readWanted(values);
  const connection = await connect(values, context, bucket);
  const now = connection.clock.now();
  const plan = planAccess({ bucket, prefix }, read(now), now);
  if (values['show-policy'] === true) {
    await out.answer(plan.text);
    return 0;
  }
  if (plan.isPublic && values.yes !== true) await confirmPublic(plan, bucket, context);
  const parts = { editor: policyEditor(), signal };
  const { isWritten } = await giveAccess(connection, bucket, plan, parts).catch((error: unknown) => {
    // Who may not change the policy can ask someone who may.
    if (isDenied(toFailure(error))) out.say(`${sentence('cli.access.paste', { bucket })}\n${plan.text}`);
    throw error;
  });
  const given = plan.statements.map((statement) => readRule(statement, { bucket, now, isBlocked: null }));
  await printRules(given, values.json === true, out);
  const moment = isoTime(plan.until);
  out.say(sentence(isWritten ? 'cli.access.given' : 'cli.access.there', { bucket, moment }));
  return 0;
}

/** Reads what is to be given, as far as options say it: its end may count from the server's time. @throws UsageError */
function readWanted(values: GrantValues): (now: number) => NewAccess {
  const { to: who, 'source-ip': addresses = [], vpc = null } = values;
  if (who === undefined) throw new UsageError(sentence('cli.missing-argument', { name: '--to' }));
  if (values.expires === undefined && values.until === undefined) {
    throw new UsageError(sentence('cli.either', { first: '--expires', second: '--until' }));
  }
  if (!addresses.every((one) => sourceIpSchema.safeParse(one).success)) {
    throw new UsageError(sentence('cli.grant.source-ip'));
  }
  const { validUntil, expiresSeconds = 0 } = readLifetime(values);
  const allow = readAllow(values.allow);
  return (now) => ({ who, allow, until: validUntil ?? now + expiresSeconds * 1000, addresses, vpc });
}

function readAllow(text: string): Permission[] {
  return text.split(',').map((word) => {
    const right = permissions.find((one) => one === word.trim());
    if (right === undefined) throw choiceError('--allow', permissions);
    return right;
  });
}

/** @throws UsageError without a terminal, or if the answer isn't yes */
async function confirmPublic({ who }: AccessPlan, bucket: string, context: CommandContext): Promise<void> {
  const question = sentence(who.kind === 'everyone' ? 'cli.access.everyone' : 'cli.access.role', { bucket });
  if (context.out.ask === null) {
    const meaning = sentence(who.kind === 'everyone' ? 'access.trap.public' : 'access.trap.counts-as-public');
    throw new UsageError(`${meaning}\n${sentence('cli.access.yes')}`);
  }
  if (await isAnsweredYes(question, context)) return;
  throw new UsageError(sentence('cli.access.yes'));
}
