import { readFile } from 'node:fs/promises';
import { MIN_PASSPHRASE_CHARACTERS, strengthOf } from '../../accounts/passphrases/strength.ts';
import { suggestPassphrase } from '../../accounts/passphrases/suggestion.ts';
import type { AssumedRole } from '../../accounts/access.ts';
import {
  permissions,
  type Permission,
  type Scope,
  scopePolicy,
  scopeSchema,
  sourceIpSchema,
} from '../../accounts/sts/policy.ts';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../../accounts/sts/sts-limits.ts';
import { assumeGrant, type Grant } from '../../links/grants/grant.ts';
import { sealGrant } from '../../links/grants/grant-code.ts';
import { formatGrant, type GrantFormat, grantFormats } from '../../links/grants/grant-formats.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { type Address, parseAddress } from '../arguments/address.ts';
import { choiceError, type Command, type CommandContext, UsageError } from '../arguments/command.ts';
import { connect, warnOfHost } from '../arguments/connect.ts';
import { checkRange, readArgs, readSeconds, serverOptions } from '../arguments/options.ts';
import { readRole, roleOptionTable } from '../arguments/role-options.ts';
import { assumeWith } from '../arguments/signing-session.ts';
import { isoTime } from '../terminal/output.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { askPassphrase } from '../terminal/typed-passphrase.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';

const DEFAULT_DURATION = '1h';

const formats = [...grantFormats, 'code'] as const;

const options = {
  allow: {
    ...{ type: 'string', default: 'read', argument: 'LIST', value: permissions, isList: true },
    meaning: `comma-separated list of ${permissions.join(', ')}; default read`,
  },
  expires: {
    ...{ type: 'string', argument: 'TIME' },
    meaning: `validity such as 900 (seconds), 15m or 12h: ${MIN_SESSION_SECONDS} seconds up to the role's maximum, default ${DEFAULT_DURATION}`,
  },
  duration: { type: 'string', argument: 'TIME', meaning: 'same as --expires' },
  prefix: { type: 'boolean', meaning: 'all keys that start with this, not one file' },
  'source-ip': {
    ...{ type: 'string', argument: 'ADDRESS' },
    meaning: 'requests must come from this address or range (203.0.113.0/24)',
  },
  policy: {
    ...{ type: 'string', argument: 'FILE', value: 'path' },
    meaning: 'use this session policy instead of the smallest one that works',
  },
  'show-policy': { type: 'boolean', meaning: 'print the session policy and request nothing' },
  format: {
    ...{ type: 'string', default: 'env', argument: 'FORMAT', value: formats },
    meaning: `${formats.join(', ')}; default env. code: a text that Waybill opens with the passphrase in WAYBILL_PASSPHRASE, or prompted for`,
  },
  'suggest-passphrase': { type: 'boolean', meaning: 'with code: choose random words, and print them on stderr' },
  ...roleOptionTable,
  'role-arn': { ...roleOptionTable['role-arn'], heading: 'The role:' },
  ...serverOptions,
} as const satisfies OptionTable;

/** `grant`: temporary credentials for one prefix or file, from a role session narrowed to it. */
export const grantCommand: Command = {
  usage: {
    forms: [
      ['grant oss://bucket/prefix --role-arn ARN', 'print temporary credentials for everything below the prefix'],
    ],
    about: ["A key that doesn't end with / is one file, unless --prefix is given."],
    words: ['address'],
    options,
    examples: [
      {
        line: 'waybill grant oss://photos/trip/ --role-arn acs:ram::1234567890123456:role/share --allow read,list --expires 2h',
        meaning: 'Reading a folder for two hours, as variables for a shell',
      },
      {
        line: 'waybill grant oss://documents/inbox/ --role-arn acs:ram::1234567890123456:role/share --allow write --json',
        meaning: 'Uploading into a folder, as JSON',
      },
      {
        line: 'waybill grant oss://photos/trip/ --show-policy',
        meaning: 'Only the policy, without asking for credentials',
      },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/prefix']);
    const scope = readScope(parseAddress(words[0] ?? ''), values);
    const format = values.json === true ? 'json' : readFormat(values.format);
    if (values['suggest-passphrase'] === true && format !== 'code') {
      throw new UsageError(sentence('cli.requires', { option: '--suggest-passphrase', other: '--format code' }));
    }
    const policy =
      values.policy === undefined
        ? scopePolicy(scope)
        : await withFileErrors(values.policy, readFile(values.policy, 'utf8'));
    if (values['show-policy'] === true) {
      await context.out.answer(policy);
      return 0;
    }
    const role = { ...readRole(values), durationSeconds: readDuration(values) };
    // Asked for first: nothing is made that could then not be handed out.
    const passphrase = format === 'code' ? await choosePassphrase(context, values['suggest-passphrase'] === true) : '';
    const connection = await connect(values, context, scope.bucket);
    const assume = (wanted: AssumedRole) => assumeWith(connection, values, wanted);
    const { grant } = await assumeGrant(connection, assume, { scope, policy, role });
    warnOfHost(connection, connection, context);
    await context.out.answer(await written(grant, format, passphrase));
    context.out.say(sentence('cli.valid-until', { moment: isoTime(grant.validUntil) }));
    return 0;
  },
};

function written(grant: Grant, format: GrantFormat | 'code', passphrase: string): Promise<string> | string {
  return format === 'code' ? sealGrant(grant, passphrase) : formatGrant(grant, format);
}

interface ScopeValues {
  readonly allow: string;
  readonly prefix?: boolean | undefined;
  readonly 'source-ip'?: string | undefined;
}

function readScope({ bucket, key }: Address, values: ScopeValues): Scope {
  const isPrefix = values.prefix === true || key === '' || key.endsWith('/');
  const sourceIp = values['source-ip'] ?? null;
  if (sourceIp !== null && !sourceIpSchema.safeParse(sourceIp).success) {
    throw new UsageError(sentence('cli.grant.source-ip'));
  }
  const parsed = scopeSchema.safeParse({
    ...{ bucket, keys: isPrefix ? [] : [key], prefixes: isPrefix ? [key] : [] },
    ...{ allow: readAllow(values.allow), sourceIp },
  });
  if (parsed.success) return parsed.data;
  throw new UsageError(sentence('cli.grant.scope', { bucket }));
}

function readAllow(text: string): readonly Permission[] {
  return text.split(',').map((word) => {
    const right = permissions.find((one) => one === word.trim());
    if (right === undefined) throw choiceError('--allow', permissions);
    return right;
  });
}

function readFormat(text: string): GrantFormat | 'code' {
  const format = formats.find((one) => one === text);
  if (format === undefined) throw choiceError('--format', formats);
  return format;
}

/** Seconds of --expires or --duration. @throws UsageError */
function readDuration(values: {
  readonly expires?: string | undefined;
  readonly duration?: string | undefined;
}): number {
  const { expires, duration } = values;
  if (expires !== undefined && duration !== undefined) {
    throw new UsageError(sentence('cli.exclusive', { first: '--expires', second: '--duration' }));
  }
  const option = duration === undefined ? '--expires' : '--duration';
  const seconds = readSeconds(duration ?? expires ?? DEFAULT_DURATION, option);
  return checkRange(seconds, option, MIN_SESSION_SECONDS, MAX_SESSION_SECONDS);
}

/** Chosen here, or from the environment or a prompt: an argument would show in the process list. */
async function choosePassphrase({ env, out, signal }: CommandContext, isSuggested: boolean): Promise<string> {
  if (isSuggested) {
    const passphrase = suggestPassphrase('grant');
    out.say(sentence('cli.grant.suggested', { passphrase }));
    out.say(sentence('cli.grant.suggested.next'));
    return passphrase;
  }
  const given =
    env['WAYBILL_PASSPHRASE'] ??
    (process.stdin.isTTY ? await askPassphrase(sentence('cli.grant.passphrase.ask'), signal) : '');
  const strength = strengthOf(given, 'grant');
  if (strength === 'short') {
    throw new UsageError(sentence('cli.grant.passphrase', { count: MIN_PASSPHRASE_CHARACTERS }));
  }
  if (strength === 'weak') {
    throw new UsageError(failureMessage({ kind: 'input', field: 'passphrase', rule: 'passphrase-too-weak' }));
  }
  return given;
}
