import { type Command, choiceError, type CommandContext } from '../arguments/command.ts';
import { serverOptions } from '../arguments/options.ts';
import { grantAccess, grantOptions } from '../policies/grant-access.ts';
import { listAccess } from '../policies/list-access.ts';
import { revokeAccess, revokeOptions } from '../policies/revoke-access.ts';

type Step = (args: readonly string[], context: CommandContext) => Promise<number>;

const steps: ReadonlyMap<string, Step> = new Map([
  ['ls', listAccess],
  ['grant', grantAccess],
  ['revoke', revokeAccess],
]);

/** `access`: who has access to a bucket by its policy, which lists, gives and takes it away. */
export const accessCommand: Command = {
  usage: {
    forms: [
      ['access ls oss://bucket/prefix', 'list who has access to the bucket, or to what is below the prefix'],
      ['access grant oss://bucket/prefix', 'let an account, a user, a role or everyone in, until a moment'],
      ['access revoke oss://bucket/prefix', 'take access away again'],
    ],
    about: [
      'WHO is the UID of an account or a RAM user, the ARN of a role (acs:ram::UID:role/NAME; upper and lower case count) or of one of its sessions (arn:sts::UID:assumed-role/NAME/SESSION), or everyone.',
      "ls prints one line for the bucket and one for each rule: its ID, allow or deny, who, what, where, and its conditions. What a bucket's policy doesn't say, such as what RAM allows users of the bucket's own account, isn't listed. A policy counts once OSS has taken it up, which may be a moment later; what is being transferred goes on. revoke ends with 1 if other rules still let the same one in, or may.",
    ],
    words: [[...steps.keys()]],
    options: serverOptions,
    steps: {
      ls: { words: ['address'], options: {} },
      grant: { words: ['address'], options: grantOptions },
      revoke: { words: ['address'], options: revokeOptions },
    },
    examples: [
      { line: 'waybill access ls oss://photos/', meaning: 'Who has access to a bucket' },
      {
        line: 'waybill access grant oss://photos/trip/ --to 1234567890123456 --allow read,list --expires 30d',
        meaning: 'Let another account read a folder for a month',
      },
      {
        line: 'waybill access revoke oss://photos/trip/ --from 1234567890123456',
        meaning: 'Take that away again',
      },
    ],
  },
  async run([step = '', ...args], context) {
    const run = steps.get(step);
    if (run === undefined) throw choiceError('access', [...steps.keys()]);
    return run(args, context);
  },
};
