import { type Exchange, type Reply, xmlReply } from '../../exchange.ts';
import { toXml } from '../../protocol/xml.ts';

/** Regions of this server, one of them unknown to any client. */
const REGIONS: readonly string[] = [
  ...['cn-hangzhou', 'cn-shanghai', 'cn-qingdao', 'cn-beijing', 'cn-zhangjiakou', 'cn-huhehaote', 'cn-wulanchabu'],
  ...['cn-shenzhen', 'cn-heyuan', 'cn-guangzhou', 'cn-chengdu', 'cn-hongkong', 'us-west-1', 'us-east-1'],
  ...['ap-northeast-1', 'ap-southeast-1', 'eu-central-1', 'eu-west-1', 'me-east-1', 'cn-examplecity'],
];

/** DescribeRegions: all regions, or the one that `regions=oss-…` names. */
export async function describeRegions(x: Exchange): Promise<Reply> {
  const wanted = x.target.query.get('regions') ?? '';
  const found = REGIONS.filter((id) => wanted === '' || wanted === `oss-${id}`);
  const list = found.map((id) => ({
    Region: `oss-${id}`,
    InternetEndpoint: `oss-${id}.aliyuncs.com`,
    InternalEndpoint: `oss-${id}-internal.aliyuncs.com`,
    AccelerateEndpoint: 'oss-accelerate.aliyuncs.com',
  }));
  return Promise.resolve(xmlReply(toXml('RegionInfoList', { RegionInfo: list })));
}
