import { shellText } from '../text/quoting.ts';
import { parseEndpoint } from '../../oss/endpoint.ts';
import { startPrefix, type Grant } from './grant.ts';

/** The plain-text forms of a grant. */
export const grantFormats = ['env', 'json', 'oss2', 'ali-oss', 'ossutil'] as const;
/** A plain-text form of a grant. */
export type GrantFormat = (typeof grantFormats)[number];

/** Replaces secrets on the screen. */
const MASK = '••••••••';

/** Writes a grant with its secrets. */
export function formatGrant(grant: Grant, format: GrantFormat): string {
  return writers[format](grant);
}

/** Writes a grant with its secrets masked. */
export function maskedGrant(grant: Grant, format: GrantFormat): string {
  const { accessKeyId } = grant.accessKey;
  return formatGrant({ ...grant, accessKey: { accessKeyId, accessKeySecret: MASK, securityToken: MASK } }, format);
}

const writers: { readonly [F in GrantFormat]: (grant: Grant) => string } = {
  env: (grant) => {
    const { accessKeyId, accessKeySecret, securityToken } = grant.accessKey;
    return [
      `# ${summaryOf(grant)}`,
      ...(grant.cname ? ['# The endpoint is a custom domain: waybill --cname, ossutil --addressing-style cname'] : []),
      `export OSS_ACCESS_KEY_ID=${shellText(accessKeyId)}`,
      `export OSS_ACCESS_KEY_SECRET=${shellText(accessKeySecret)}`,
      `export OSS_SESSION_TOKEN=${shellText(securityToken ?? '')}`,
      `export OSS_REGION=${shellText(grant.region)}`,
      `export OSS_ENDPOINT=${shellText(grant.endpoint)}`,
    ].join('\n');
  },
  json: (grant) => {
    const { accessKeyId, accessKeySecret, securityToken } = grant.accessKey;
    const { bucket, keys, prefixes, allow, endpoint, region, cname } = grant;
    // The names of STS's own response, so that its readers take this too.
    const named = { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken };
    const where = { Region: region, Endpoint: endpoint, ...(cname ? { Cname: true } : {}), Bucket: bucket };
    const scope = { Prefixes: prefixes, Keys: keys, Allow: allow };
    return JSON.stringify({ ...named, Expiration: isoTime(grant.validUntil), ...where, ...scope }, null, 2);
  },
  oss2: (grant) => {
    const { accessKeyId, accessKeySecret, securityToken } = grant.accessKey;
    const auth = grant.signVersion === 'v4' ? 'ProviderAuthV4' : 'ProviderAuth';
    return [
      `# ${summaryOf(grant)}`,
      'import oss2',
      '',
      'provider = oss2.credentials.StaticCredentialsProvider(',
      `    ${codeText(accessKeyId)},`,
      `    ${codeText(accessKeySecret)},`,
      `    ${codeText(securityToken ?? '')},`,
      ')',
      'bucket = oss2.Bucket(',
      `    oss2.${auth}(provider),`,
      `    ${codeText(grant.endpoint)},`,
      `    ${codeText(grant.bucket)},`,
      `    region=${codeText(grant.region)},`,
      ...(grant.cname ? ['    is_cname=True,'] : []),
      ')',
    ].join('\n');
  },
  'ali-oss': (grant) => {
    const { accessKeyId, accessKeySecret, securityToken } = grant.accessKey;
    return [
      `// ${summaryOf(grant)}`,
      "import OSS from 'ali-oss';",
      '',
      'const client = new OSS({',
      `  accessKeyId: ${codeText(accessKeyId)},`,
      `  accessKeySecret: ${codeText(accessKeySecret)},`,
      `  stsToken: ${codeText(securityToken ?? '')},`,
      `  region: ${codeText(`oss-${grant.region}`)},`,
      `  endpoint: ${codeText(grant.endpoint)},`,
      `  bucket: ${codeText(grant.bucket)},`,
      `  authorizationV4: ${String(grant.signVersion === 'v4')},`,
      `  cname: ${String(grant.cname)},`,
      `  secure: ${String(parseEndpoint(grant.endpoint).protocol === 'https')},`,
      '});',
    ].join('\n');
  },
  ossutil: (grant) => {
    const { accessKeyId, accessKeySecret, securityToken } = grant.accessKey;
    return [
      `# ${summaryOf(grant)}`,
      `# Save as a file and name it with: ossutil -c FILE ${grant.cname ? '--addressing-style cname ' : ''}ls oss://…`,
      '[default]',
      `accessKeyID=${accessKeyId}`,
      `accessKeySecret=${accessKeySecret}`,
      `stsToken=${securityToken ?? ''}`,
      `region=${grant.region}`,
      `endpoint=${grant.endpoint}`,
    ].join('\n');
  },
};

/** For a comment in code: a line break in a key would end it. */
function summaryOf(grant: Grant): string {
  const where = `oss://${grant.bucket}/${startPrefix(grant)}`.replace(/[\p{Control}\p{Zl}\p{Zp}]/gu, '?');
  return `May ${grant.allow.join(', ')} in ${where}, valid until ${isoTime(grant.validUntil)}`;
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('.000Z', 'Z');
}

/** A JSON string is also a string of Python and JavaScript. */
function codeText(text: string): string {
  return JSON.stringify(text);
}
