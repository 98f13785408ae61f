import { expect, test } from 'vitest';
import { readRule } from '../../../main/policies/access-rule.ts';
import { principalText, ruleText } from '../../../main/words/access-text.ts';
import { translator } from '../../../main/words/translator.ts';
import { t, zh } from '../../support/words.ts';

const reading = { bucket: 'nordwind', now: Date.UTC(2026, 10, 30), isBlocked: false };
const resource = (path: string) => `acs:oss:*:*:nordwind${path}`;
const moment = (at: number) => new Date(at).toISOString().slice(0, 10);

test('a rule is told in words, and nothing of it is left out', () => {
  const rule = readRule(
    {
      Effect: 'Allow',
      Action: ['oss:GetObject', 'oss:PutObject', 'oss:GetBucketInfo'],
      Principal: ['*'],
      Resource: [resource('/a/*'), resource('/b.txt'), resource('/*.jpg'), resource('/*'), resource(''), '*'],
      Condition: {
        DateLessThan: { 'acs:CurrentTime': ['2026-12-24T00:00:00Z'] },
        DateGreaterThan: { 'acs:CurrentTime': ['2026-12-01T00:00:00Z'] },
        IpAddress: { 'acs:SourceIp': ['203.0.113.0/24'] },
        StringNotLike: { 'acs:SourceVpc': ['vpc-*'] },
        Bool: { 'acs:SecureTransport': 'true' },
        StringLike: { 'acs:UserAgent': ['curl*'] },
      },
    },
    reading,
  );
  if (rule.kind !== 'read') throw new Error('not read');
  const english = ruleText(rule, translator('en'), moment);
  expect(english).toEqual({
    what: 'read files, upload and overwrite files, and oss:GetBucketInfo',
    where: [
      [t('access.place.files', { prefix: 'a/' }), 'b.txt', t('access.place.pattern', { text: '*.jpg' })].join(', '),
      [t('access.place.all'), t('access.place.bucket')].join(', '),
      `and ${t('access.place.everything')}`,
    ].join(', '),
    conditions: [
      t('access.condition.until', { moment: '2026-12-24' }),
      t('access.condition.from', { moment: '2026-12-01' }),
      t('access.condition.addresses', { values: '203.0.113.0/24' }),
      t('access.condition.internet'),
      t('access.condition.https'),
      'StringLike acs:UserAgent: curl*',
    ],
    traps: [t('access.trap.not-yet')],
  });
  expect(ruleText(rule, translator('zh-CN'), moment).traps).toEqual([zh('access.trap.not-yet')]);
});

test.each([
  ['*', t('access.who.everyone')],
  ['20214760404935', t('access.who.account', { uid: '20214760404935' })],
  ['arn:sts::1798:assumed-role/Reader/*', t('access.who.role', { role: 'Reader', uid: '1798' })],
  ['arn:sts::1798:assumed-role/Reader/a', t('access.who.session', { role: 'Reader', uid: '1798', session: 'a' })],
  ['arn:sts::*:*/*/*', t('access.who.pattern', { text: 'arn:sts::*:*/*/*' })],
  ['acs:ram::1798:root', 'acs:ram::1798:root'],
])('the principal %s is “%s”', (Principal, words) => {
  const rule = readRule({ Effect: 'Allow', Action: '*', Principal, Resource: '*' }, reading);
  const [who] = rule.kind === 'read' ? rule.who : [];
  expect(who === undefined ? null : principalText(who.principal, translator('en'))).toBe(words);
});

const listing = (...values: readonly string[]) => ({ StringLike: { 'oss:Prefix': values } });
const places = (...prefixes: readonly string[]) =>
  prefixes.map((prefix) => (prefix === '' ? t('access.place.all') : t('access.place.files', { prefix }))).join(' and ');

test.each<[string, object, string, readonly string[]]>([
  ['of the bucket', {}, places(''), []],
  ['below prefixes', { Condition: listing('a/*', 'b/*') }, places('a/', 'b/'), []],
  [
    'of names by a pattern',
    { Condition: listing('a/*.txt') },
    t('access.place.bucket'),
    [t('access.condition.listing', { values: 'a/*.txt' })],
  ],
  [
    'beside another right',
    { Action: ['oss:ListObjects', 'oss:GetBucketInfo'], Condition: listing('a/*') },
    t('access.place.bucket'),
    [t('access.condition.listing', { values: 'a/*' })],
  ],
])('the right to list %s says which files', (_, changes, where, conditions) => {
  const rule = readRule(
    { Effect: 'Allow', Action: 'oss:ListObjects', Principal: '1798', Resource: resource(''), ...changes },
    reading,
  );
  if (rule.kind !== 'read') throw new Error('not read');
  expect(ruleText(rule, translator('en'), moment)).toMatchObject({ where, conditions });
});

test('what turns the direction of a text, or breaks its line, is written out wherever a policy may hold it', () => {
  const evil = 'a\u202e\u2066\nb';
  const rule = readRule(
    {
      Effect: 'Allow',
      Action: [evil],
      Principal: [evil, `${evil}*`],
      Resource: [`/${evil}`, `/${evil}*`, `/*${evil}`].map(resource).concat(evil),
      Condition: { IpAddress: { 'acs:SourceIp': [evil] }, StringLike: { [evil]: [evil] } },
    },
    reading,
  );
  if (rule.kind !== 'read') throw new Error('not read');
  const { what, where, conditions } = ruleText(rule, translator('en'), moment);
  const names = rule.who.map(({ principal }) => principalText(principal, translator('en')));
  const all = [what, where, ...conditions, ...names];
  expect(all.join('')).not.toMatch(/[\u202e\u2066\n]/);
  for (const one of all) expect(one).toContain('a\\u202e\\u2066\\u000ab');
});
