import type { Connection } from '../connection.ts';
import { expectRoot, requiredText } from '../exchange/reply-fields.ts';
import { sendForXml } from '../exchange/request.ts';
import { childrenOf } from '../exchange/xml.ts';
import { type Region, regionOfId, regionOfLabel } from '../regions.ts';

/**
 * DescribeRegions: the regions that the account can create buckets in, in the order of OSS. One that is newer than
 * Waybill's own table has its ID for a name. RAM users need oss:DescribeRegions.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/describeregions
 */
export async function describeRegions(connection: Connection, signal?: AbortSignal): Promise<readonly Region[]> {
  const { root } = await sendForXml(connection, { method: 'GET', params: { regions: null }, signal });
  expectRoot(root, 'RegionInfoList');
  const labels = childrenOf(root, 'RegionInfo').map((info) => requiredText(info, 'Region').replace(/^oss-/, ''));
  const ids = new Set(labels.map((label) => regionOfLabel(label)));
  return [...ids].filter((id) => id !== null).map((id) => regionOfId(id));
}
