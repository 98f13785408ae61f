import { describe, expect, test } from 'vitest';
import type { Grant } from '../../../../main/links/grants/grant.ts';
import { formatGrant, grantFormats, maskedGrant } from '../../../../main/links/grants/grant-formats.ts';

const grant: Grant = {
  accessKey: { accessKeyId: 'STS.Example', accessKeySecret: 'SECRET', securityToken: 'TOKEN' },
  validUntil: Date.UTC(2026, 10, 24, 12),
  bucket: 'samples',
  keys: [],
  prefixes: ['reports/'],
  allow: ['read', 'list'],
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  region: 'cn-hangzhou',
  cname: false,
  signVersion: 'v4',
};
const summary = 'May read, list in oss://samples/reports/, valid until 2026-11-24T12:00:00Z';

test('lines for a shell', () => {
  expect(formatGrant(grant, 'env').split('\n')).toEqual([
    `# ${summary}`,
    "export OSS_ACCESS_KEY_ID='STS.Example'",
    "export OSS_ACCESS_KEY_SECRET='SECRET'",
    "export OSS_SESSION_TOKEN='TOKEN'",
    "export OSS_REGION='cn-hangzhou'",
    "export OSS_ENDPOINT='https://oss-cn-hangzhou.aliyuncs.com'",
  ]);
});

test('JSON with the names of STS, which people can read', () => {
  expect(formatGrant(grant, 'json').split('\n').slice(0, 2)).toEqual(['{', '  "AccessKeyId": "STS.Example",']);
  expect(JSON.parse(formatGrant(grant, 'json'))).toEqual({
    ...{ AccessKeyId: 'STS.Example', AccessKeySecret: 'SECRET', SecurityToken: 'TOKEN' },
    ...{ Expiration: '2026-11-24T12:00:00Z', Region: 'cn-hangzhou' },
    ...{ Endpoint: 'https://oss-cn-hangzhou.aliyuncs.com', Bucket: 'samples' },
    ...{ Prefixes: ['reports/'], Keys: [], Allow: ['read', 'list'] },
  });
});

describe.each([
  ['v4', false, 'oss2.ProviderAuthV4(provider)', 'authorizationV4: true', 'cname: false'],
  ['v1', true, 'oss2.ProviderAuth(provider)', 'authorizationV4: false', 'cname: true'],
] as const)('signed with %s, on a domain of its own: %s', (signVersion, cname, auth, ...options) => {
  test('Python', () => {
    expect(formatGrant({ ...grant, signVersion, cname }, 'oss2').split('\n')).toEqual([
      `# ${summary}`,
      'import oss2',
      '',
      'provider = oss2.credentials.StaticCredentialsProvider(',
      '    "STS.Example",',
      '    "SECRET",',
      '    "TOKEN",',
      ')',
      'bucket = oss2.Bucket(',
      `    ${auth},`,
      '    "https://oss-cn-hangzhou.aliyuncs.com",',
      '    "samples",',
      '    region="cn-hangzhou",',
      ...(cname ? ['    is_cname=True,'] : []),
      ')',
    ]);
  });

  test('JavaScript', () => {
    expect(formatGrant({ ...grant, signVersion, cname }, 'ali-oss').split('\n')).toEqual([
      `// ${summary}`,
      "import OSS from 'ali-oss';",
      '',
      'const client = new OSS({',
      '  accessKeyId: "STS.Example",',
      '  accessKeySecret: "SECRET",',
      '  stsToken: "TOKEN",',
      '  region: "oss-cn-hangzhou",',
      '  endpoint: "https://oss-cn-hangzhou.aliyuncs.com",',
      '  bucket: "samples",',
      ...options.map((option) => `  ${option},`),
      '  secure: true,',
      '});',
    ]);
  });
});

test('a file for ossutil', () => {
  expect(formatGrant(grant, 'ossutil').split('\n')).toEqual([
    `# ${summary}`,
    '# Save as a file and name it with: ossutil -c FILE ls oss://…',
    '[default]',
    'accessKeyID=STS.Example',
    'accessKeySecret=SECRET',
    'stsToken=TOKEN',
    'region=cn-hangzhou',
    'endpoint=https://oss-cn-hangzhou.aliyuncs.com',
  ]);
});

test.each(grantFormats)('%s on the screen shows neither secret nor token, and nothing else is missing', (format) => {
  const shown = maskedGrant(grant, format);
  expect(shown).not.toMatch(/SECRET['"\n]|TOKEN['"\n]/);
  expect(shown.replace('••••••••', 'SECRET').replace('••••••••', 'TOKEN')).toBe(formatGrant(grant, format));
});

test('a custom domain is marked in every form', () => {
  const onDomain = { ...grant, endpoint: 'https://files.example.com', cname: true };
  expect(formatGrant(onDomain, 'env')).toMatch(/^# .*--cname.*--addressing-style cname$/m);
  expect(JSON.parse(formatGrant(onDomain, 'json'))).toMatchObject({ Cname: true });
  expect(formatGrant(onDomain, 'ossutil')).toMatch(/^# .* -c FILE --addressing-style cname ls /m);
});
