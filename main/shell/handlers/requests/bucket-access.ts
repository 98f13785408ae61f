import type { Accounts } from '../../../accounts/accounts.ts';
import { isDenied, toFailure } from '../../../failure.ts';
import { checkPageCors } from '../../../links/pages/cors-check.ts';
import {
  corsEditor,
  corsRuleText,
  isPageRule,
  pageCorsRule,
  withoutRule,
  withRuleFirst,
} from '../../../links/pages/cors-rule.ts';
import type { Connection } from '../../../oss/connection.ts';
import { bucketUrl } from '../../../oss/endpoint.ts';
import { type CorsConfiguration, getBucketCors } from '../../../oss/operations/cors.ts';
import type { BucketAccess } from '../../../contract/contract.ts';
import type { Handlers } from '../../ipc.ts';
import type { ConfirmBucketChange } from '../../security/publishing.ts';

type CorsCalls = Extract<keyof Handlers, `cors.${string}`>;

/** Answers the calls about whether pages reach a bucket, which its CORS rules decide. */
export function bucketAccessHandlers(accounts: Accounts, confirm: ConfirmBucketChange): Pick<Handlers, CorsCalls> {
  const editor = corsEditor();
  const changed = async (
    change: 'add' | 'remove',
    { accountId, bucket }: { readonly accountId: string; readonly bucket: string },
  ): Promise<BucketAccess> => {
    await confirm(bucket, `cors-${change}`);
    return accounts.run(accountId, bucket, async (connection) => {
      await editor.change(connection, bucket, change === 'add' ? withRuleFirst : withoutRule);
      return accessOf(connection, bucket);
    });
  };
  return {
    'cors.check': ({ accountId, bucket }) =>
      accounts.run(accountId, bucket, (connection) => accessOf(connection, bucket)),
    'cors.add': (place) => changed('add', place),
    'cors.remove': (place) => changed('remove', place),
  };
}

/** What pages send to a bucket: forms, the parts of large files, and questions about parts. */
const PAGE_METHODS = ['POST', 'PUT', 'GET'] as const;

/** Asks the bucket as a page would. Whether Waybill's rule is there is null where the account may not read the rules. */
async function accessOf(connection: Connection, bucket: string): Promise<BucketAccess> {
  const rules = (): Promise<CorsConfiguration | null> => getBucketCors(connection, bucket);
  const { origin, path } = bucketUrl(connection.endpoint, bucket, null);
  const { dispatcher } = connection;
  const check = await checkPageCors({ url: origin + path, methods: PAGE_METHODS, dispatcher, rules });
  return { check, rule: corsRuleText(pageCorsRule), hasRule: await hasRule(rules) };
}

async function hasRule(rules: () => Promise<CorsConfiguration | null>): Promise<boolean | null> {
  try {
    return (await rules())?.rules.some(isPageRule) ?? false;
  } catch (error) {
    if (isDenied(toFailure(error))) return null;
    throw error;
  }
}
