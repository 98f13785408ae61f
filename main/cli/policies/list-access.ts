import { readAccess } from '../../policies/read-access.ts';
import { parseAddress } from '../arguments/address.ts';
import type { CommandContext } from '../arguments/command.ts';
import { connect } from '../arguments/connect.ts';
import { readArgs, serverOptions } from '../arguments/options.ts';
import { printReport } from './rule-lines.ts';

/** `access ls`. @returns 1 if the policy can't be read */
export async function listAccess(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, words } = readArgs(args, serverOptions, ['oss://bucket/prefix']);
  const { bucket, key: prefix } = parseAddress(words[0] ?? '');
  const connection = await connect(values, context, bucket);
  const report = await readAccess(connection, { bucket, prefix }, context.signal);
  await printReport(report, bucket, values.json === true, context.out);
  return report.policy.kind === 'denied' || report.policy.kind === 'unreadable' ? 1 : 0;
}
