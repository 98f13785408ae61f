import { permissions } from '../../accounts/sts/policy.ts';
import { type Command, choiceError, type CommandContext } from '../arguments/command.ts';
import { serverHelp } from '../arguments/options.ts';
import { grantAccess } from '../policies/grant-access.ts';
import { listAccess } from '../policies/list-access.ts';
import { revokeAccess } from '../policies/revoke-access.ts';

type Step = (args: readonly string[], context: CommandContext) => Promise<number>;

const steps: ReadonlyMap<string, Step> = new Map([
  ['ls', listAccess],
  ['grant', grantAccess],
  ['revoke', revokeAccess],
]);

/** `access`: who has access to a bucket by its policy, which lists, gives and takes it away. */
export const accessCommand: Command = {
  help: `access ls oss://bucket/prefix        list who has access to the bucket, or to what is below the prefix
access grant oss://bucket/prefix     let an account, a user, a role or everyone in, until a moment
access revoke oss://bucket/prefix    take access away again

WHO is the UID of an account or a RAM user, the ARN of a role (acs:ram::UID:role/NAME; upper and lower case count) or of one
of its sessions (arn:sts::UID:assumed-role/NAME/SESSION), or everyone.

grant:
  --to WHO             who gets access
  --allow LIST         comma-separated list of ${permissions.join(', ')}; default read,list; everyone: read,list at most
  --expires TIME       until then: 900 (seconds), 15m, 12h, 7d, 90d
  --until TIME         a moment instead of --expires, such as 2026-12-24T18:00:00Z
  --source-ip ADDRESS  only from this address or range, and from the internet unless --vpc is given; repeatable
  --vpc ID             only from this VPC
  --show-policy        print the statements as JSON and send nothing
  --yes                give everyone access, or all sessions of a role, without being asked

revoke:
  --from WHO           whose access to take away: in rules for nothing else than the prefix
  --id ID              a rule as ls lists it, for all whom it names, a Deny too; repeatable

${serverHelp}

ls prints one line for the bucket and one for each rule: its ID, allow or deny, who, what, where, and its conditions.
What a bucket's policy doesn't say, such as what RAM allows users of the bucket's own account, isn't listed. A policy counts
once OSS has taken it up, which may be a moment later; what is being transferred goes on. revoke ends with 1 if other rules
still let the same one in, or may.`,
  async run([step = '', ...args], context) {
    const run = steps.get(step);
    if (run === undefined) throw choiceError('access', [...steps.keys()]);
    return run(args, context);
  },
};
