import { WaybillError } from '../failure.ts';
import { formatEndpoint } from '../oss/endpoint.ts';
import type { CustomDomain } from '../oss/operations/custom-domains.ts';
import type { Accounts } from './accounts.ts';

/** How the objects of a bucket are reached, and how they could be. */
export interface BucketDomains {
  /** OSS's own endpoint of the bucket's region. */
  readonly server: string;
  /** Whether OSS refuses data calls there. */
  readonly isServerRefused: boolean;
  /** The custom domain in use, such as `https://files.example.com`; null for `server`. */
  readonly used: string | null;
  readonly domains: readonly CustomDomain[];
}

/** Asks OSS for the custom domains of a bucket. @throws WaybillError as listCustomDomains() */
export async function bucketDomains(accounts: Accounts, accountId: string, bucket: string): Promise<BucketDomains> {
  const access = accounts.access(accountId);
  const domains = await access.customDomains(bucket);
  const server = await access.manage(bucket, ({ endpoint }) => Promise.resolve(formatEndpoint(endpoint)));
  const way = access.wayOf(bucket);
  return { server, isServerRefused: way?.isHostRefused ?? false, used: way?.domain ?? null, domains };
}

/**
 * From now on data calls to the bucket use the custom domain `name`, or OSS's own host for null. Only a domain that OSS
 * lists: nothing else may be sent signed requests. `confirmHttp` asks the question that one without a certificate needs.
 * @throws WaybillError `input` for a domain that OSS doesn't list or answer on; what `confirmHttp` throws
 */
export async function useDomain(
  accounts: Accounts,
  {
    accountId,
    bucket,
    name,
    confirmHttp,
  }: {
    readonly accountId: string;
    readonly bucket: string;
    readonly name: string | null;
    readonly confirmHttp: (domain: string) => Promise<void>;
  },
): Promise<void> {
  const access = accounts.access(accountId);
  const domain = name === null ? null : listedDomain(await access.customDomains(bucket), name);
  if (domain?.isSecure === false) await confirmHttp(domain.name);
  await accounts.setWay(accountId, bucket, access.useDomain(bucket, domain));
}

function listedDomain(domains: readonly CustomDomain[], name: string): CustomDomain {
  const found = domains.find((domain) => domain.name === name && domain.isEnabled);
  if (found === undefined) throw new WaybillError({ kind: 'input', field: 'domain', rule: 'domain-unknown' });
  return found;
}
