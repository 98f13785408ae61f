import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  batchPolicy,
  denyPolicy,
  isWidened,
  linkPolicy,
  policyCharacters,
  type Scope,
  scopePolicy,
  scopeSchema,
} from '../../../../main/accounts/sts/policy.ts';
import {
  compactPolicy,
  isSessionPolicy,
  policyFault,
  staysInBucket,
} from '../../../../main/accounts/sts/session-policy.ts';
import { setupGuide } from '../../../../main/accounts/sts/setup-guide.ts';

const prefix: Scope = { bucket: 'archive', keys: [], prefixes: ['reports/'], allow: ['read', 'list'], sourceIp: null };

describe('the smallest policy', () => {
  test('for reading and listing a prefix', () => {
    expect(JSON.parse(scopePolicy(prefix))).toEqual({
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: ['oss:GetObject'], Resource: ['acs:oss:*:*:archive/reports/*'] },
        {
          Effect: 'Allow',
          Action: ['oss:ListObjects'],
          Resource: ['acs:oss:*:*:archive'],
          Condition: { StringLike: { 'oss:Prefix': ['reports/*'] } },
        },
      ],
    });
  });

  test('for a selection names each object, from one address only', () => {
    const scope: Scope = {
      ...prefix,
      keys: ['a.txt', '合同/b'],
      prefixes: [],
      allow: ['write', 'delete'],
      sourceIp: '203.0.113.0/24',
    };
    expect(JSON.parse(scopePolicy(scope))).toEqual({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            ...['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'],
            ...['oss:GetObjectTagging', 'oss:PutObjectTagging', 'oss:DeleteObjectTagging'],
            ...['oss:GetObjectVersionTagging', 'oss:PutObjectVersionTagging', 'oss:DeleteObjectVersionTagging'],
            'oss:DeleteObject',
          ],
          Resource: ['acs:oss:*:*:archive/a.txt', 'acs:oss:*:*:archive/合同/b'],
          Condition: { IpAddress: { 'acs:SourceIp': ['203.0.113.0/24'] } },
        },
      ],
    });
  });

  test('for a whole bucket lists without a condition', () => {
    const policy = scopePolicy({ ...prefix, prefixes: [''], allow: ['list'] });
    expect(JSON.parse(policy)).toMatchObject({ Statement: [{ Resource: ['acs:oss:*:*:archive'] }] });
    expect(policy).not.toContain('Condition');
  });

  test.each([['reports/'], ['']])('for listing %j names the one address that may', (only) => {
    const policy = scopePolicy({ ...prefix, prefixes: [only], allow: ['list'], sourceIp: '203.0.113.7' });
    const condition = { IpAddress: { 'acs:SourceIp': ['203.0.113.7'] } };
    expect(JSON.parse(policy)).toMatchObject({ Statement: [{ Condition: condition }] });
  });

  test('takes a * in a name for one character, and says so', () => {
    const scope = { ...prefix, keys: ['a*b'], prefixes: [] };
    expect(scopePolicy(scope)).toContain('archive/a?b"');
    expect(isWidened(scope)).toBe(true);
    expect(isWidened(prefix)).toBe(false);
  });

  test('for one link is its method on its object', () => {
    const link = { bucket: 'b', key: 'k', versionId: null, headers: {} };
    expect(linkPolicy({ ...link, method: 'HEAD' })).toContain('"oss:GetObject"');
    expect(linkPolicy({ ...link, method: 'GET', versionId: 'v' })).toContain('"oss:GetObjectVersion"');
    expect(linkPolicy({ ...link, method: 'PUT' })).toContain('"oss:PutObject"');
    expect(linkPolicy({ ...link, method: 'DELETE', versionId: 'v' })).toContain('"oss:DeleteObjectVersion"');
    expect(denyPolicy({ ...link, method: 'GET' })).toContain('"Deny"');
  });

  test('for an upload link has what its headers need as well', () => {
    const headers = { 'content-type': 'text/plain', 'x-oss-tagging': 'a=b', 'x-oss-object-acl': 'private' };
    const link = { method: 'PUT', bucket: 'b', key: 'k', versionId: null, headers };
    const actions = ['oss:PutObject', 'oss:PutObjectTagging', 'oss:PutObjectAcl'];
    expect(JSON.parse(linkPolicy(link))).toMatchObject({ Statement: [{ Action: actions }] });
    const batch = { ...link, keys: ['k'], prefixes: [], folder: '', pinned: false };
    expect(JSON.parse(batchPolicy(batch))).toMatchObject({ Statement: [{ Action: actions }] });
  });

  test('for access to ACLs is one of its own', () => {
    const allowed = (allow: Scope['allow']): string => scopePolicy({ ...prefix, allow });
    expect(allowed(['read', 'write', 'list', 'delete'])).not.toContain('Acl');
    expect(allowed(['acl'])).toContain('"oss:PutObjectAcl"');
  });

  test('for reading and writing restores versions, which writing alone can’t', () => {
    expect(scopePolicy({ ...prefix, allow: ['read', 'write'] })).toContain('"oss:GetObjectVersion"');
    expect(scopePolicy({ ...prefix, allow: ['write'] })).not.toContain('"oss:GetObjectVersion"');
  });

  test('is one that AssumeRole takes, whatever the names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (key) => {
        expect(policyFault(scopePolicy({ ...prefix, keys: [key] }))).toBeNull();
      }),
    );
  });
});

describe('a policy that a person wrote', () => {
  test.each([
    ['', 1, 1],
    ['{', 1, 2],
    ['policy', 1, 1],
    ['{\n  "Version": "1",\n  "Statement": [x]\n}', 3, 17],
    ['{\n  "Version": "1"\n  "Statement": []\n}', 3, 3],
    ['{\n  "Version": "1",\n  "Statement": [\n', 3, 17],
    ['{"Version": "1"}}', 1, 17],
    ['{"Version": "1', 1, 15],
  ])('that is no JSON is told where: %j', (text, line, column) => {
    expect(policyFault(text)).toEqual({ rule: 'policy-not-json', at: { line, column } });
  });

  test.each([
    ['[]', ''],
    ['{"Version":"1","Statement":[]}', 'Statement'],
    ['{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}', 'Version'],
    ['{"Version":"1","Statement":[{"Effect":"Maybe","Action":"oss:*","Resource":"*"}]}', 'Statement[0].Effect'],
    ['{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*"}]}', 'Statement[0]'],
  ])('that is no policy is told where: %s', (text, at) => {
    expect(policyFault(text)).toEqual({ rule: 'policy-shape', at });
  });

  test('that allows something is none to complain about', () => {
    const policy = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}';
    expect(policyFault(policy)).toBeNull();
  });

  test('is measured without its blanks: 2,048 characters pass, one more does not', () => {
    const make = (length: number): string => {
      const bare = JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: '' }] });
      const resource = 'x'.repeat(length - bare.length);
      return JSON.stringify(
        { Version: '1', Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: resource }] },
        null,
        4,
      );
    };
    expect(policyCharacters(make(2048))).toBe(2048);
    expect(() => compactPolicy(make(2049))).toThrow('policy-too-long');
  });
});

test.each(['203.0.113.7', '203.0.113.0/24', '2001:db8::1', '2001:db8::/32'])('%s is a source', (sourceIp) => {
  expect(scopeSchema.safeParse({ ...prefix, sourceIp }).success).toBe(true);
});

test.each([
  [{ bucket: 'ab' }, false],
  [{ bucket: 'a'.repeat(63) }, true],
  [{ bucket: 'a'.repeat(64) }, false],
  [{ keys: [''] }, false],
  [{ keys: ['k'.repeat(1023)] }, true],
  [{ keys: ['k'.repeat(1024)] }, false],
  [{ keys: Array(1001).fill('k') }, false],
  [{ prefixes: [''] }, true],
  [{ prefixes: ['p'.repeat(1024)] }, false],
  [{ prefixes: Array(1001).fill('p') }, false],
  [{ allow: [] }, false],
  [{ allow: ['read', 'write', 'list', 'delete', 'acl'] }, true],
  [{ allow: ['own'] }, false],
  [{ more: 1 }, false],
])('a scope with %j: %s', (fields, isValid) => {
  expect(scopeSchema.safeParse({ ...prefix, ...fields }).success).toBe(isValid);
});

test.each(['', '*', '300.1.1.1', '10.0.0.0/33', 'example.com', '10.0.0.1; drop'])('%j is no source', (sourceIp) => {
  expect(scopeSchema.safeParse({ ...prefix, sourceIp }).success).toBe(false);
});

test('a session policy is one that STS would take', () => {
  expect(isSessionPolicy(scopePolicy(prefix))).toBe(true);
  expect(isSessionPolicy('{')).toBe(false);
});

test('the setup guide fills in what is known', () => {
  const values = { userName: 'waybill', roleName: 'waybill-share', bucket: 'archive', prefix: '', externalId: 'x1' };
  const guide = setupGuide({ ...values, alibabaAccountId: '1000000000000001', allow: ['read', 'list'] });
  expect(guide.roleArn).toBe('acs:ram::1000000000000001:role/waybill-share');
  const [, role, permissions, user] = guide.steps;
  expect(JSON.parse(role?.policy ?? '')).toEqual({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: ['acs:ram::1000000000000001:user/waybill'] },
        Condition: { StringEquals: { 'sts:ExternalId': 'x1' } },
      },
    ],
  });
  expect(permissions?.policy).toContain('acs:oss:*:*:archive/*');
  expect(JSON.parse(user?.policy ?? '')).toMatchObject({ Statement: [{ Resource: guide.roleArn }] });
  expect(setupGuide({ ...values, bucket: null, alibabaAccountId: null, allow: ['read'] }).roleArn).toContain(
    '<account-ID>',
  );
});

describe('the policy of many links', () => {
  const batch = {
    method: 'GET',
    bucket: 'photos',
    keys: ['a.jpg'],
    prefixes: ['album/'],
    folder: '',
    pinned: false,
    headers: {},
  };
  const read = (policy: string) => JSON.parse(policy) as { Statement: [{ Action: string[]; Resource: string[] }] };

  test('names each object and folder, and versions where the links do', () => {
    const [{ Action, Resource }] = read(batchPolicy({ ...batch, pinned: true })).Statement;
    expect(Action).toEqual(['oss:GetObject', 'oss:GetObjectVersion']);
    expect(Resource).toEqual(['acs:oss:*:*:photos/a.jpg', 'acs:oss:*:*:photos/album/*']);
  });

  test('lets into the folder that holds them where they are too many to name', () => {
    const keys = Array.from({ length: 500 }, (_, index) => `album/${index}.jpg`);
    const policy = batchPolicy({ ...batch, keys, prefixes: [], folder: 'album/' });
    expect(read(policy).Statement[0].Resource).toEqual(['acs:oss:*:*:photos/album/*']);
    expect(policyFault(policy)).toBeNull();
  });
});

test.each([
  [true, { Effect: 'Allow', Action: ['oss:*'], Resource: ['acs:oss:*:*:files', 'acs:oss:*:*:files/*'] }],
  [true, { Effect: 'Deny', Action: '*', Resource: '*' }],
  [false, { Effect: 'Allow', Action: 'oss:GetObject', Resource: ['acs:oss:*:*:files/*', 'acs:oss:*:*:other/*'] }],
  [false, { Effect: 'Allow', Action: 'oss:GetObject', Resource: 'acs:oss:*:*:files*' }],
  [false, { Effect: 'Allow', Action: 'oss:GetObject', Resource: '*' }],
  [false, { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'acs:oss:*:*:files/*' }],
  [false, { Effect: 'Allow', NotAction: 'oss:PutObject', Resource: 'acs:oss:*:*:files/*' }],
  [false, { Effect: 'Allow', Action: 'oss:GetObject', NotResource: 'acs:oss:*:*:other/*' }],
])('whether one bucket is all that a session policy allows: %s', (stays, statement) => {
  expect(staysInBucket(JSON.stringify({ Version: '1', Statement: [statement] }), 'files')).toBe(stays);
});
