import { describe, expect, test } from 'vitest';
import {
  type PolicyDocument,
  type PolicyStatement,
  decide,
  parsePolicy,
} from '../../../../main/practice/signatures/policy.ts';

function policy(...statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '1', Statement: statements };
}

function allow(Action: string, Resource: string, Condition?: PolicyStatement['Condition']): PolicyStatement {
  return { Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) };
}

function asks(action: string, resource: string, context: Record<string, string> = {}) {
  return { action, resource, context };
}

const get = asks('oss:GetObject', 'b/photos/1.jpg');

describe('wildcards', () => {
  test.each([
    ['oss:*', 'acs:oss:*:*:*', true],
    ['oss:Get*', 'acs:oss:*:*:b/*', true],
    ['OSS:getobject', 'acs:oss:*:*:b/photos/?.jpg', true],
    ['oss:GetObject', 'acs:oss:*:*:b/photos/??.jpg', false],
    ['oss:GetObject', 'acs:oss:cn-hangzhou:1234:b/photos/*', true],
    ['oss:GetObject', 'acs:oss:*:*:b', false],
    ['oss:GetObject', 'acs:ram:*:*:b/*', false],
    ['oss:PutObject', '*', false],
    ['*', '*', true],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(decide(policy(allow(action, resource)), get)).toBe(allowed ? 'allow' : 'nothing');
  });

  test('a pattern with many stars ends quickly', () => {
    const pattern = `acs:oss:*:*:${'*a'.repeat(50)}`;
    expect(decide(policy(allow('*', pattern)), asks('oss:GetObject', 'a'.repeat(1000)))).toBe('allow');
    expect(decide(policy(allow('*', `${pattern}b`)), asks('oss:GetObject', 'a'.repeat(1000)))).toBe('nothing');
  });
});

test('Deny wins over Allow', () => {
  const deny: PolicyStatement = { Effect: 'Deny', Action: '*', Resource: 'acs:oss:*:*:b/photos/*' };
  expect(decide(policy(allow('*', '*'), deny), get)).toBe('deny');
});

describe('conditions', () => {
  test.each([
    [{ StringLike: { 'oss:Prefix': ['a/*', 'b/*'] } }, { 'oss:prefix': 'b/c' }, true],
    [{ StringLike: { 'oss:Prefix': ['a/*'] } }, { 'oss:prefix': '' }, false],
    [{ StringNotLike: { 'oss:Prefix': 'a/*' } }, { 'oss:prefix': 'b' }, true],
    [{ StringEquals: { 'oss:Delimiter': '/' } }, { 'oss:delimiter': '/' }, true],
    [{ StringNotEquals: { 'oss:Delimiter': '/' } }, { 'oss:delimiter': '/' }, false],
    [{ IpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '127.0.0.1'] } }, { 'acs:sourceip': '127.0.0.1' }, true],
    [{ IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }, { 'acs:sourceip': '11.0.0.1' }, false],
    [{ NotIpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }, { 'acs:sourceip': '11.0.0.1' }, true],
    [
      { IpAddress: { 'acs:SourceIp': ['garbage', '10.0.0.0/99', '10.0.0.0/x'] } },
      { 'acs:sourceip': '10.0.0.1' },
      false,
    ],
    [{ Bool: { 'acs:SecureTransport': 'true' } }, { 'acs:securetransport': 'false' }, false],
    [
      { DateLessThan: { 'acs:CurrentTime': '2026-01-01T00:00:00Z' } },
      { 'acs:currenttime': '2025-12-31T23:59:59Z' },
      true,
    ],
    [
      { DateGreaterThanEquals: { 'acs:CurrentTime': '2026-01-01T00:00:00+08:00' } },
      { 'acs:currenttime': '2025-12-31T16:00:00Z' },
      true,
    ],
    [{ StringNotEquals: { 'acs:SourceVpc': 'vpc-1' } }, {}, true],
    [{ StringEqualsIgnoreCase: { 'oss:Prefix': 'A/' } }, { 'oss:prefix': 'a/' }, true],
    [{ Unheard: { 'oss:Prefix': '*' } }, { 'oss:prefix': 'a' }, false],
    [{ constructor: { 'oss:Prefix': '*' } }, { 'oss:prefix': 'a' }, false],
    [{ StringNotEquals: { constructor: 'a' } }, {}, true],
    [{ StringLike: { constructor: '*' } }, {}, false],
  ])('%j with %j: %s', (condition, context, allowed) => {
    const verdict = decide(policy(allow('*', '*', condition)), asks('oss:ListObjects', 'b', context));
    expect(verdict).toBe(allowed ? 'allow' : 'nothing');
  });
});

test.each([
  '',
  '[]',
  '{"Version":"2","Statement":[]}',
  '{"Version":"1","Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}',
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":[1],"Resource":"*"}]}',
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*"}]}',
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":"x"}]}',
])('%j is no policy', (text) => {
  expect(parsePolicy(text)).toBeNull();
});
