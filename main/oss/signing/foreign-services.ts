/** Another service whose signed links people paste; `other` for any other address. */
export type ForeignService =
  | 's3'
  | 'google'
  | 'azure'
  | 'tencent'
  | 'huawei'
  | 'baidu'
  | 'volcengine'
  | 'qiniu'
  | 'cloudfront'
  | 'aliyun-cdn'
  | 'other';

interface Mark {
  readonly service: ForeignService;
  readonly host?: RegExp;
  /** Names of parameters, all of which the service's signed links have. */
  readonly params?: readonly string[];
}

/** What tells each service's signed links from others, by the documentation of each. */
const marks: readonly Mark[] = [
  { service: 'google', params: ['x-goog-signature'] },
  { service: 'google', params: ['googleaccessid', 'signature'] },
  { service: 'volcengine', params: ['x-tos-signature'] },
  { service: 's3', params: ['x-amz-signature'] },
  { service: 's3', params: ['awsaccesskeyid'] },
  { service: 's3', host: /\.amazonaws\.com(\.cn)?$/ },
  { service: 'tencent', params: ['q-sign-algorithm'] },
  { service: 'tencent', host: /\.myqcloud\.com$/ },
  { service: 'huawei', host: /\.myhuaweicloud\.com$/ },
  { service: 'baidu', host: /\.bcebos\.com$/ },
  { service: 'azure', params: ['sig', 'sv'] },
  { service: 'cloudfront', params: ['key-pair-id'] },
  { service: 'qiniu', params: ['e', 'token'] },
  { service: 'aliyun-cdn', params: ['auth_key'] },
];

/** The service that a link is for, by its host and the names of its decoded parameters. */
export function serviceOf(host: string, params: ReadonlyMap<string, string>): ForeignService {
  const names = new Set([...params.keys()].map((name) => name.toLowerCase()));
  const name = host.replace(/:\d+$/, '');
  const found = marks.find((mark) => mark.host?.test(name) ?? mark.params?.every((param) => names.has(param)) ?? false);
  return found?.service ?? 'other';
}
