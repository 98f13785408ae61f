import type { Account } from '../../accounts/account.ts';
import { defaultChain } from '../../accounts/sources/default-chain.ts';
import type { FoundProfile } from '../../accounts/sources/profiles/profiles.ts';
import type { CredentialSource } from '../../accounts/sources/source.ts';
import { callerIdentity } from '../../accounts/sts/sts.ts';
import { escapeControls } from '../../words/controls.ts';
import { type Command, type CommandContext, UsageError } from '../arguments/command.ts';
import { connectInRole } from '../arguments/connect.ts';
import { readArgs, serverOptions } from '../arguments/options.ts';
import { sessionOptions } from '../arguments/session-options.ts';
import { windowAccounts } from '../credentials/window-accounts.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { isoTime } from '../terminal/output.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';

const options = {
  check: { type: 'boolean', meaning: 'ask STS who the credentials are' },
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** Values of the options. */
type AccountsValues = ReturnType<typeof readArgs<typeof options>>['values'];

/** `accounts`: lists what can sign, or says who signs. */
export const accountsCommand: Command = {
  usage: {
    forms: [
      [
        'accounts',
        'list what --account and --profile take, as the window lists it, and which credentials sign without either; sends nothing',
      ],
      ['accounts --check', 'ask STS who the chosen credentials are'],
    ],
    about: ['Without --check, only --json and --user-data-dir apply.'],
    words: [],
    options,
    examples: [
      { line: 'waybill accounts', meaning: 'What can sign here, and what signs if nothing is chosen' },
      { line: 'waybill accounts --check --profile work', meaning: 'Who the profile “work” signs as' },
      { line: 'waybill accounts --check --json', meaning: 'The same of the usual credentials, as JSON' },
    ],
  },
  async run(args, context) {
    const { values } = readArgs(args, options, []);
    return values.check === true ? check(values, context) : list(values, context);
  },
};

/** One line of the list, for a person and as data. */
interface Line {
  readonly columns: readonly [kind: string, name: string, ...rest: string[]];
  readonly json: object;
}

async function list(values: AccountsValues, context: CommandContext): Promise<number> {
  const unfit = Object.keys(values).find((name) => name !== 'json' && name !== 'user-data-dir');
  if (unfit !== undefined) throw new UsageError(sentence('cli.requires', { option: `--${unfit}`, other: '--check' }));
  const { out } = context;
  const accounts = await windowAccounts(values, context);
  const { profiles, problems } = await accounts.profiles();
  const environment = accounts.environment();
  const chosen = await defaultChain(accounts.place).catch(() => null);
  const lines: readonly Line[] = [
    ...accounts.list().map(accountLine),
    ...(environment === null
      ? []
      : [{ columns: ['env', '', environment.accessKeyId] as const, json: { kind: 'env', ...environment } }]),
    ...profiles.map(profileLine),
    ...(chosen === null
      ? []
      : [{ columns: ['default', sourceText(chosen)] as const, json: { kind: 'default', source: chosen } }]),
  ];
  for (const line of lines) await out.answer(values.json === true ? JSON.stringify(line.json) : shownLine(line));
  for (const problem of problems) out.say(failureMessage(problem));
  if (lines.length === 0 && problems.length === 0) out.say(sentence('cli.accounts.none'));
  return problems.length === 0 ? 0 : 1;
}

function shownLine({ columns: [kind, name, signer = '', region = '', rest = ''] }: Line): string {
  const shown = [kind.padEnd(8), name.padEnd(24), signer.padEnd(26), region.padEnd(16), rest];
  return shown.map(escapeControls).join('  ').trimEnd();
}

function accountLine(account: Account): Line {
  const { id, name, endpoint, region, cname, role } = account;
  const signer =
    account.kind === 'key'
      ? { accessKeyId: account.accessKeyId, temporary: account.temporary }
      : { source: account.source };
  const shown = account.kind === 'key' ? account.accessKeyId : sourceText(account.source);
  return {
    columns: ['account', name, shown, region, role?.roleArn ?? ''],
    json: { kind: 'account', name, id, ...signer, endpoint, region, cname, roleArn: role?.roleArn ?? null },
  };
}

function profileLine({ profile, mode, isCurrent, accessKeyId, endpoint, region, problem }: FoundProfile): Line {
  const { file, name } = profile;
  const cause = problem === null ? null : 'cause' in problem ? problem.cause : problem.kind;
  const detail = problem !== null && 'code' in problem ? ` (${problem.code})` : '';
  const state = cause === null ? file : `${file}: ${cause.replace('source-', '')}${detail}`;
  return {
    columns: ['profile', name, accessKeyId ?? mode ?? '', region ?? '', state],
    json: { kind: 'profile', name, file, mode, isCurrent, accessKeyId, endpoint, region, problem: cause },
  };
}

/** Where credentials come from, as options of the command line name it. */
function sourceText(source: CredentialSource): string {
  return source.kind === 'profile' ? `profile ${source.profile.name}` : source.kind;
}

async function check(values: AccountsValues, context: CommandContext): Promise<number> {
  const { 'sts-endpoint': asked, ...others } = values;
  // Without a role, STS is asked for the identity alone.
  const signing = values['role-arn'] === undefined ? others : values;
  const connection = await connectInRole(signing, context, null);
  const { session, clock, dispatcher, signal, stsEndpoint: usual } = connection;
  const { accessKey } = session;
  const stsEndpoint = asked ?? usual;
  const { accountId, arn } = await callerIdentity({ accessKey, stsEndpoint, clock, dispatcher, signal });
  const { accessKeyId, securityToken } = accessKey;
  const temporary = securityToken !== null;
  const validUntil = typeof session.validUntil === 'number' ? isoTime(session.validUntil) : null;
  const { out } = context;
  if (values.json === true) {
    await out.answer(JSON.stringify({ accountId, arn, accessKeyId, temporary, validUntil }));
    return 0;
  }
  await out.answer(`account      ${escapeControls(accountId ?? 'unknown')}`);
  await out.answer(`identity     ${escapeControls(arn ?? 'unknown')}`);
  await out.answer(`access key   ${escapeControls(accessKeyId)}`);
  if (temporary) await out.answer(`valid until  ${validUntil ?? 'unknown'}`);
  return 0;
}
