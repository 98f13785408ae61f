import { isLoopback } from '../../http/authority.ts';
import type { Connection } from '../../oss/connection.ts';
import { parseServer } from '../../oss/endpoint.ts';
import { readOssHost } from '../../oss/oss-host.ts';

/** Regions whose STS has a public host and one inside the region's VPCs. */
const regional: ReadonlySet<string> = new Set([
  ...['cn-hangzhou', 'cn-shanghai', 'cn-nanjing', 'cn-fuzhou', 'cn-wuhan-lr', 'cn-qingdao', 'cn-beijing'],
  ...['cn-zhangjiakou', 'cn-huhehaote', 'cn-wulanchabu', 'cn-shenzhen', 'cn-heyuan', 'cn-guangzhou', 'cn-chengdu'],
  ...['cn-hongkong', 'ap-northeast-1', 'ap-northeast-2', 'ap-southeast-1', 'ap-southeast-3', 'ap-southeast-5'],
  ...['ap-southeast-6', 'ap-southeast-7', 'us-west-1', 'us-east-1', 'na-south-1', 'eu-central-1', 'eu-west-1'],
  ...['me-east-1', 'me-central-1', 'cn-shanghai-finance-1', 'cn-beijing-finance-1'],
]);

/** The finance cloud in Shenzhen has its own STS inside only. */
const regionalInside: ReadonlySet<string> = new Set([...regional, 'cn-shenzhen-finance-1']);

/**
 * The STS endpoint for a region of OSS: the region's own where it has one, else the central one, which serves all
 * regions; for an internal endpoint of OSS the one inside the region's VPCs.
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-endpoint
 */
export function stsEndpointFor({ endpoint, region }: Pick<Connection, 'endpoint' | 'region'>): string {
  const isInside = readOssHost(endpoint.host)?.reach === 'internal';
  if (isInside && regionalInside.has(region)) return `https://sts-vpc.${region}.aliyuncs.com`;
  return regional.has(region) ? `https://sts.${region}.aliyuncs.com` : 'https://sts.aliyuncs.com';
}

/** A server, by https unless it is this computer; null if the text doesn't name one. */
export function safeServer(written: string): string | null {
  try {
    const { host, port } = parseServer(written);
    const authority = port === null ? host : `${host}:${port}`;
    return /^http:/i.test(written) && isLoopback(authority) ? `http://${authority}` : `https://${authority}`;
  } catch {
    return null;
  }
}
