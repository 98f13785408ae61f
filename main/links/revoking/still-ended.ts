import { resourceOf } from '../../accounts/sts/policy.ts';
import { WaybillError } from '../../failure.ts';
import { within } from '../../http/within.ts';
import type { Connection } from '../../oss/connection.ts';
import { getBucketPolicy } from '../../oss/operations/bucket-policy.ts';
import { isStale, uploadStatement } from './our-statements.ts';
import { type Statement, statementsOf } from './policy-text.ts';
import type { UploadDenial } from './upload-denial.ts';

/** How long a new form waits for the policy of its bucket. */
const PATIENCE_MS = 10_000;
/** As a name below a prefix that no slot has. */
const ANY_NAME = '0'.repeat(64);

/**
 * Looks whether a new form would be dead because an earlier one was ended: the statement that ended it denies whatever the
 * same AccessKey signs there. Who may not read the policy, or can't reach it now, isn't held up.
 * @throws WaybillError `input` `form-ended` if it would be; `cancelled`
 */
export async function checkNotEnded(
  connection: Connection,
  form: Omit<UploadDenial, 'validUntil'>,
  signal?: AbortSignal,
): Promise<void> {
  const statements = await getBucketPolicy(connection, form.bucket, within(PATIENCE_MS, signal))
    .then(statementsOf)
    .catch(() => {
      if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
      return [];
    });
  const now = connection.clock.now();
  if (statements.some((statement) => !isStale(statement, now) && denies(statement, form))) {
    throw new WaybillError({ kind: 'input', field: 'prefix', rule: 'form-ended' });
  }
}

/** Whether one of Waybill's statements denies a slot of a form, or all below its prefix. */
function denies(statement: Statement, { bucket, keys, accessKeyId }: Omit<UploadDenial, 'validUntil'>): boolean {
  const { data } = uploadStatement.safeParse(statement);
  if (data?.Condition.StringEquals['acs:AccessId'][0] !== accessKeyId) return false;
  const names = keys.kind === 'prefix' ? [keys.prefix + ANY_NAME] : keys.keys;
  return data.Resource.some((pattern) => names.some((name) => covers(pattern, resourceOf(bucket, name))));
}

/** Whether a resource as Waybill writes it covers another: `?` is any character, and `*` stands at the end alone. */
function covers(pattern: string, resource: string): boolean {
  const isOpen = pattern.endsWith('*');
  const written = Array.from(isOpen ? pattern.slice(0, -1) : pattern);
  const characters = Array.from(resource);
  if (isOpen ? characters.length < written.length : characters.length !== written.length) return false;
  return written.every((one, index) => one === '?' || one === characters[index]);
}
