import type { AccountSettings } from '../exchange.ts';
import type { SignedBy } from '../signatures/verify.ts';
import { Refusal, accessDenied } from '../protocol/refusal.ts';
import { refererRefusal } from '../protocol/referer-rules.ts';
import type { Target } from '../protocol/target.ts';
import type { BucketSettings } from '../storage/bucket.ts';

/**
 * Why OSS serves nothing of an account or a bucket, with OSS's sentence.
 * @see https://www.alibabacloud.com/help/en/oss/how-to-troubleshoot-403-status-code-when-you-access-oss
 */
const STATES = {
  UserDisable: 'UserDisable',
  InDebt: 'Current user is indebted',
  InDebtOverdue: 'Current user is indebted Overdue',
  BucketDisable: 'BucketDisable',
  AbnormalBucketOwnerStatus: 'The status of the bucket owner is abnormal',
} as const;

/** A request, as far as OSS refuses it whatever it reads or changes. */
export interface Asked {
  readonly route: { readonly name: string; readonly level: 'service' | 'bucket' | 'object' };
  readonly target: Target;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly signedBy: SignedBy | null;
}

/** What OSS refuses whoever asks. Nothing at first; tests turn a switch while the server runs. */
export class Restrictions implements AccountSettings {
  /**
   * Refuses data calls on OSS's own public host of a mainland region, as for accounts that opened OSS since 2025-03-20.
   * @see https://www.alibabacloud.com/help/doc-detail/31836.htm
   */
  publicEndpoint = false;
  /** Block Public Access of the whole account. */
  publicAccess = false;
  /** New buckets have Block Public Access on, as on OSS since 2025-10-13. */
  publicAccessOfNewBuckets = false;
  /**
   * Refuses V1 signatures. The code beside the EC isn't documented.
   * @see https://www.alibabacloud.com/help/en/oss/user-guide/0002-00000080
   */
  signatureV1 = false;
  packages = false;
  /**
   * Refuses new bucket policies with `acs:SourceIp` and without `acs:SourceVpc`, as OSS does since 2026.
   * @see https://help.aliyun.com/zh/oss/user-guide/0030-00000008
   */
  policyNetworks = false;
  /** OSS doesn't say how long a bucket policy takes to have effect. */
  policyDelayMs = 0;
  /** The state of the account that owns all buckets; null is well. */
  account: keyof typeof STATES | null = null;

  /** Checks the way in which a request is signed. @throws Refusal */
  checkSignature(signedBy: SignedBy | null): void {
    if (!this.signatureV1 || signedBy?.version !== 'v1') return;
    throw accessDenied('The signature version V1 is not supported.', '0002-00000080');
  }

  /** Checks the account's state. @throws Refusal */
  checkAccount(): void {
    const code = this.account;
    if (code === null) return;
    const ec = code === 'UserDisable' ? { ec: '0003-00000801' } : {};
    throw new Refusal(403, { code, message: STATES[code], ...ec });
  }

  /** Checks a call on a bucket. @throws Refusal */
  checkBucket({ route, target, headers, signedBy }: Asked, { region, referer }: BucketSettings): void {
    if (this.publicEndpoint && isDataCall(route) && isMainland(region) && isPublicHost(target)) {
      throw publicEndpointForbidden();
    }
    // Requests that are signed in a header are not checked, and a preflight comes before the page's own request.
    if (
      referer === undefined ||
      route.level !== 'object' ||
      route.name === 'OptionObject' ||
      signedBy?.place === 'header'
    )
      return;
    const ec = refererRefusal(referer, headers['referer'] ?? '');
    if (ec !== null) throw accessDenied('You are denied by bucket referer policy.', ec);
  }
}

/** Calls on a bucket that read or change its objects; all others manage the bucket. */
const DATA_CALLS = new Set(
  'ListObjects ListObjectVersions ListMultipartUploads DeleteMultipleObjects PostObject'.split(' '),
);

function isDataCall({ name, level }: Asked['route']): boolean {
  return level === 'object' || DATA_CALLS.has(name);
}

function isMainland(region: string): boolean {
  return region.startsWith('cn-') && region !== 'cn-hongkong';
}

/** The server's own address stands for a public host. Internal and acceleration hosts, and custom domains, don't. */
export function isPublicHost({ addressing, host, endpointRegion }: Target): boolean {
  return addressing !== 'custom-domain' && endpointRegion !== null && !host.includes('-internal.');
}

function publicEndpointForbidden(): Refusal {
  return new Refusal(400, {
    code: 'PublicEndpointForbidden',
    message: 'Not allowed using the OSS public endpoint, please use CNAME instead.',
    ec: '0048-00000401',
  });
}
