/**
 * A region: the ID that V4 signs, its names as the OSS console shows them, and its hosts.
 *
 * `labels` stand for the ID in hosts: `oss-LABEL.aliyuncs.com`, `oss-LABEL-internal.aliyuncs.com` and
 * `LABEL.oss.aliyuncs.com`. The first one of each list is the one to use.
 */
export interface Region {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
  readonly labels: {
    readonly public: readonly [string, ...string[]];
    readonly internal: readonly string[];
    readonly dualStack: readonly string[];
  };
  /** Closing, or by invitation: existing buckets work, new ones can't be created. */
  readonly closed: boolean;
}

/**
 * The regions of the public cloud, the finance clouds and the government cloud.
 * @see https://help.aliyun.com/zh/oss/user-guide/regions-and-endpoints
 */
export const regions: readonly Region[] = [
  region('cn-hangzhou', 'China (Hangzhou)', '华东1（杭州）', { dualStack: ['cn-hangzhou'] }),
  region('cn-shanghai', 'China (Shanghai)', '华东2（上海）', { dualStack: ['cn-shanghai'] }),
  { ...region('cn-nanjing', 'China (Nanjing – Local Region)', '华东5（南京-本地地域）'), closed: true },
  { ...region('cn-fuzhou', 'China (Fuzhou – Local Region)', '华东6（福州-本地地域）'), closed: true },
  region('cn-wuhan-lr', 'China (Wuhan – Local Region)', '华中1（武汉-本地地域）'),
  region('cn-qingdao', 'China (Qingdao)', '华北1（青岛）', { dualStack: ['cn-qingdao'] }),
  region('cn-beijing', 'China (Beijing)', '华北2（北京）', { dualStack: ['cn-beijing'] }),
  region('cn-zhangjiakou', 'China (Zhangjiakou)', '华北3（张家口）', { dualStack: ['cn-zhangjiakou'] }),
  region('cn-huhehaote', 'China (Hohhot)', '华北5（呼和浩特）', { dualStack: ['cn-huhehaote'] }),
  region('cn-wulanchabu', 'China (Ulanqab)', '华北6（乌兰察布）', { dualStack: ['cn-wulanchabu'] }),
  region('cn-shenzhen', 'China (Shenzhen)', '华南1（深圳）', { dualStack: ['cn-shenzhen'] }),
  region('cn-heyuan', 'China (Heyuan)', '华南2（河源）', { dualStack: ['cn-heyuan'] }),
  region('cn-guangzhou', 'China (Guangzhou)', '华南3（广州）', { dualStack: ['cn-guangzhou'] }),
  region('cn-chengdu', 'China (Chengdu)', '西南1（成都）', { dualStack: ['cn-chengdu'] }),
  region('cn-zhongwei', 'China (Zhongwei)', '西北2（中卫）'),
  region('cn-hongkong', 'China (Hong Kong)', '中国香港', { dualStack: ['cn-hongkong'] }),
  region('rg-china-mainland', 'Chinese mainland (no specific region)', '无地域属性（中国内地）', { internal: [] }),
  region('us-west-1', 'US (Silicon Valley)', '美国（硅谷）'),
  region('us-east-1', 'US (Virginia)', '美国（弗吉尼亚）'),
  region('na-south-1', 'Mexico', '墨西哥'),
  region('ap-northeast-1', 'Japan (Tokyo)', '日本（东京）'),
  region('ap-northeast-2', 'South Korea (Seoul)', '韩国（首尔）'),
  region('ap-southeast-1', 'Singapore', '新加坡'),
  region('ap-southeast-3', 'Malaysia (Kuala Lumpur)', '马来西亚（吉隆坡）'),
  region('ap-southeast-5', 'Indonesia (Jakarta)', '印度尼西亚（雅加达）'),
  region('ap-southeast-6', 'Philippines (Manila)', '菲律宾（马尼拉）'),
  region('ap-southeast-7', 'Thailand (Bangkok)', '泰国（曼谷）'),
  region('ap-southeast-8', 'Malaysia (Johor)', '马来西亚（柔佛州）'),
  region('eu-central-1', 'Germany (Frankfurt)', '德国（法兰克福）', { dualStack: ['eu-central-1'] }),
  region('eu-west-1', 'UK (London)', '英国（伦敦）'),
  region('eu-west-2', 'France (Paris)', '法国（巴黎）'),
  region('me-east-1', 'UAE (Dubai)', '阿联酋（迪拜）'),
  region('me-central-1', 'Saudi Arabia (Riyadh)', '沙特（利雅得）'),
  region('cn-hangzhou-finance', 'China East 1 Finance (Hangzhou)', '华东1 金融云（杭州）', {
    public: ['cn-hzfinance', 'cn-hzjbp'],
    internal: ['cn-hzfinance', 'cn-hzjbp-a', 'cn-hzjbp-b', 'cn-hzjbp'],
    dualStack: ['cn-hangzhou-finance'],
  }),
  region('cn-shanghai-finance-1', 'China East 2 Finance (Shanghai)', '华东2 金融云（上海）', {
    public: ['cn-shanghai-finance-1-pub'],
    internal: ['cn-shanghai-finance-1-pub', 'cn-shanghai-finance-1'],
    dualStack: ['cn-shanghai-finance'],
  }),
  region('cn-shenzhen-finance-1', 'China South 1 Finance (Shenzhen)', '华南1 金融云（深圳）', {
    public: ['cn-szfinance', 'cn-shenzhen-finance-1-pub'],
    internal: ['cn-szfinance', 'cn-shenzhen-finance-1', 'cn-shenzhen-finance-1-pub'],
    dualStack: ['cn-shenzhen-finance'],
  }),
  region('cn-beijing-finance-1', 'China North 2 Finance (Beijing)', '华北2 金融云（北京）', {
    public: ['cn-beijing-finance-1-pub'],
    internal: ['cn-beijing-finance-1-pub', 'cn-beijing-finance-1'],
  }),
  region('cn-north-2-gov-1', 'China North 2 Ali Gov Cloud 1', '华北2 阿里政务云1', { dualStack: ['cn-north-2-gov-1'] }),
];

/** The ID itself is the label of the public and the internal host, and few regions have a dual-stack host. */
function region(id: string, en: string, zh: string, labels: Partial<Region['labels']> = {}): Region {
  return { id, en, zh, labels: { public: [id], internal: [id], dualStack: [], ...labels }, closed: false };
}

/** The form of a region ID: a region may be newer than the table. */
const idPattern = /^(?:cn|us|na|sa|ap|eu|me|af|rus|rg)(?:-[a-z0-9]+)+$/;

/** The region of this ID as OSS has it; one that the table lacks has a public and an internal host. */
export function regionOfId(id: string): Region {
  return regions.find((one) => one.id === id) ?? region(id, id, id);
}

/**
 * The region ID for a label of a host, of a bucket's Location or of DescribeRegions; null for what can be no region.
 * Finance clouds have labels of their own: `cn-hzfinance` is in `cn-hangzhou-finance`.
 */
export function regionOfLabel(label: string): string | null {
  const known = regions.find(({ labels }) => Object.values(labels).some((list) => list.includes(label)));
  if (known !== undefined) return known.id;
  return idPattern.test(label) ? label : null;
}

/**
 * The region that a person means: an ID in any letter case, `oss-` in front of it, its host, or the name of the
 * console. Null for anything else.
 */
export function regionOfText(text: string): string | null {
  const name = folded(text);
  const named = regions.find((one) => [one.id, one.en, one.zh].some((known) => folded(known) === name));
  if (named !== undefined) return named.id;
  const label = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .replace(/^oss-/, '')
    .replace(/\.aliyuncs\.com$/, '')
    .replace(/-internal$/, '');
  return regionOfLabel(label);
}

/** Without the differences between two ways to type one name: width, brackets, blanks, dashes, letter case. */
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\s()–-]/g, '')
    .toLowerCase();
}
