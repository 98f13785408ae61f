import { regionOfId, regionOfLabel, regions } from './regions.ts';

/** Which network a host of OSS belongs to. `accelerate` is one host for all regions. */
type Reach = 'public' | 'internal' | 'accelerate' | 'dualstack';

/** What a host of OSS says. */
export interface OssHost {
  readonly kind: 'region' | 'access-point' | 'cloudbox';
  /** What stands in front of the endpoint, a bucket or an access point; null for an endpoint alone. */
  readonly front: string | null;
  /** The host without what stands in front of it, in lower case. */
  readonly endpoint: string;
  /** The ID that V4 signs; null where the host serves all regions. */
  readonly region: string | null;
  readonly reach: Reach;
}

type Form = Pick<OssHost, 'region' | 'reach'> & { readonly kind?: OssHost['kind'] };

/**
 * The forms of an endpoint, without `.aliyuncs.com`, and what each says of its label. Null: no such host.
 * - `data-acc` and `cache`: the accelerator of a zone, reached from inside only
 * - `vpc100`, `oss`, `oss-internal`: hosts from the time before V4; the last two are Hangzhou's
 * @see https://help.aliyun.com/zh/oss/user-guide/regions-and-endpoints
 * @see https://help.aliyun.com/zh/oss/developer-reference/getaccesspoint
 * @see https://help.aliyun.com/zh/oss/user-guide/overview-77
 */
const forms: readonly (readonly [RegExp, (label: string, front: string | null) => Form | null])[] = [
  [/^oss-(accelerate(?:-overseas)?)$/, () => ({ region: null, reach: 'accelerate' })],
  [/^oss-([a-z0-9-]+)-internal$/, internal],
  [/^oss-cache-([a-z0-9-]+?)(?:-[a-z])?(?:-internal)?$/, internal],
  [/^oss-((?!.*-internal$)[a-z0-9-]+)$/, outside],
  [/^([a-z0-9-]+)\.oss$/, dualStack],
  [/^oss-([a-z0-9-]+)-internal\.oss-accesspoint$/, (label) => accessPoint(internal(label))],
  [/^oss-([a-z0-9-]+)\.oss-accesspoint$/, (label) => accessPoint(outside(label))],
  [/^([a-z0-9-]+?)(?:-[a-z])?(?:-internal)?\.oss-data-acc$/, internal],
  [/^ep-[a-z0-9-]+\.oss\.([a-z0-9-]+)\.privatelink$/, internal],
  [/^vpc100-oss-([a-z0-9-]+)$/, internal],
  [/^oss-(internal)$/, () => internal('cn-hangzhou')],
  [/^(oss)$/, () => outside('cn-hangzhou')],
  [/^cb-[a-z0-9-]+\.([a-z0-9-]+)\.oss-cloudbox(?:-control)?$/, cloudBox],
];

function internal(label: string): Form | null {
  const region = regionOfLabel(label);
  return region === null || regionOfId(region).labels.internal.length === 0 ? null : { region, reach: 'internal' };
}

function outside(label: string): Form | null {
  const region = regionOfLabel(label);
  return region === null ? null : { region, reach: 'public' };
}

/**
 * `examplebucket.oss.aliyuncs.com` is a bucket at the old host of Hangzhou. Only the table tells it from a dual-stack
 * host, unless a bucket stands in front of that.
 */
function dualStack(label: string, front: string | null): Form | null {
  const isKnown = regions.some(({ labels }) => labels.dualStack.includes(label));
  const region = isKnown || front !== null ? regionOfLabel(label) : null;
  return region === null ? null : { region, reach: 'dualstack' };
}

function accessPoint(form: Form | null): Form | null {
  return form === null ? null : { ...form, kind: 'access-point' };
}

function cloudBox(label: string): Form {
  return { kind: 'cloudbox', region: regionOfLabel(label), reach: 'internal' };
}

/** Reads a host, with or without a port, in any letter case. Null for one that isn't OSS's, like a custom domain. */
export function readOssHost(host: string): OssHost | null {
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  if (!name.endsWith('.aliyuncs.com')) return null;
  const labels = name.slice(0, -'.aliyuncs.com'.length).split('.');
  return readForm(labels, null) ?? readForm(labels.slice(1), labels[0] ?? null);
}

function readForm(labels: readonly string[], front: string | null): OssHost | null {
  const text = labels.join('.');
  for (const [pattern, read] of forms) {
    const label = pattern.exec(text)?.[1];
    const form = label === undefined ? null : read(label, front);
    if (form !== null) return { kind: 'region', ...form, front, endpoint: `${text}.aliyuncs.com` };
  }
  return null;
}

/** The bucket that a host of OSS names; null without one, and where an access point stands for it. */
export function bucketOfHost({ kind, front }: OssHost): string | null {
  return kind === 'access-point' ? null : front;
}
