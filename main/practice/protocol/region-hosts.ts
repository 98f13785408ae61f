import { own } from '../../own.ts';

/**
 * Regions whose hosts don't have the region's ID: what the hosts have instead, the one that OSS gives first.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
const LABELS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'cn-hangzhou-finance': ['cn-hzfinance', 'cn-hzjbp', 'cn-hzjbp-a', 'cn-hzjbp-b'],
  'cn-shanghai-finance-1': ['cn-shanghai-finance-1-pub', 'cn-shanghai-finance-1'],
  'cn-shenzhen-finance-1': ['cn-szfinance', 'cn-shenzhen-finance-1', 'cn-shenzhen-finance-1-pub'],
  'cn-beijing-finance-1': ['cn-beijing-finance-1-pub', 'cn-beijing-finance-1'],
};

/** The hosts for IPv6 and IPv4, `<label>.oss.aliyuncs.com`. Other regions have none. */
const DUAL_STACK: Readonly<Record<string, string>> = {
  'cn-hangzhou-finance': 'cn-hangzhou-finance',
  'cn-shanghai-finance': 'cn-shanghai-finance-1',
  'cn-shenzhen-finance': 'cn-shenzhen-finance-1',
  ...Object.fromEntries(
    [
      ...['cn-hangzhou', 'cn-shanghai', 'cn-qingdao', 'cn-beijing', 'cn-zhangjiakou', 'cn-huhehaote'],
      ...['cn-wulanchabu', 'cn-shenzhen', 'cn-heyuan', 'cn-guangzhou', 'cn-chengdu', 'cn-hongkong', 'eu-central-1'],
      'cn-north-2-gov-1',
    ].map((id) => [id, id]),
  ),
};

/** The region of `oss-<label>.aliyuncs.com`, which may be internal. */
export function regionOfLabel(label: string): string {
  const found = Object.entries(LABELS).find(([, labels]) => labels.includes(label));
  return found?.[0] ?? label;
}

/** The region of `<label>.oss.aliyuncs.com`, null if there is no such host. */
export function regionOfDualStack(label: string): string | null {
  return own(DUAL_STACK, label) ?? null;
}

/** `oss-<label>`: a bucket's Location, and the beginning of its hosts. */
export function locationOf(region: string): string {
  return `oss-${own(LABELS, region)?.[0] ?? region}`;
}
