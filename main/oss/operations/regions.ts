import type { Connection } from '../connection.ts';
import { MAX_REGIONS } from '../limits.ts';
import { childrenUpTo, expectRoot, requiredText } from '../exchange/reply-fields.ts';
import { sendForXml } from '../exchange/request.ts';
import { type Region, regionOfId, regionOfLabel } from '../regions.ts';

/**
 * DescribeRegions: the regions that the account can create buckets in, in the order of OSS. One that is newer than
 * Waybill's own table has its ID for a name. RAM users need oss:DescribeRegions.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/describeregions
 */
export async function describeRegions(connection: Connection, signal?: AbortSignal): Promise<readonly Region[]> {
  const { root } = await sendForXml(connection, { method: 'GET', params: { regions: null }, signal });
  expectRoot(root, 'RegionInfoList');
  const labels = childrenUpTo(root, 'RegionInfo', MAX_REGIONS).map((info) =>
    requiredText(info, 'Region').replace(/^oss-/, ''),
  );
  const ids = new Set(labels.map((label) => regionOfLabel(label)));
  return [...ids].filter((id) => id !== null).map((id) => regionOfId(id));
}
