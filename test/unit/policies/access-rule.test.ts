import { expect, test } from 'vitest';
import { type AccessRule, mayAllow, concerns, isWithin, readRule } from '../../../main/policies/access-rule.ts';

const bucket = 'nordwind';
const now = Date.UTC(2026, 10, 30, 12);
const uid = '20214760404935';
const resource = (path: string) => `acs:oss:*:174649585760:${path}`;

/** A statement that allows a user to read all files, with changes. */
function read(changes: Readonly<Record<string, unknown>> = {}, isBlocked: boolean | null = false): AccessRule {
  const statement = {
    Effect: 'Allow',
    Action: ['oss:GetObject'],
    Principal: [uid],
    Resource: [resource(`${bucket}/*`)],
    ...changes,
  };
  return readRule(statement, { bucket, now, isBlocked });
}

test('a statement is read as who may do what, where and until when', () => {
  const rule = read({
    Action: ['oss:GetObject', 'oss:GetObjectAcl', 'oss:PutObject', 'oss:ListParts'],
    Principal: [uid, 'arn:sts::1798:assumed-role/Reader/anna', 'arn:sts::1798:assumed-role/Reader/*'],
    Resource: [resource(`${bucket}/reports/*`), resource(`${bucket}/a.txt`)],
    Condition: {
      DateLessThan: { 'acs:CurrentTime': '2026-12-01T00:00:00+08:00' },
      IpAddress: { 'acs:SourceIp': ['203.0.113.0/24'] },
      StringNotLike: { 'acs:SourceVpc': ['vpc-*'] },
    },
  });
  expect(rule).toMatchObject({
    kind: 'read',
    effect: 'allow',
    who: [
      { principal: { kind: 'account', uid } },
      { principal: { kind: 'session', uid: '1798', role: 'Reader', session: 'anna' } },
      { principal: { kind: 'role', uid: '1798', role: 'Reader' } },
    ],
    rights: { isFull: false, known: ['read', 'write'], others: [] },
    places: [
      { kind: 'files', prefix: 'reports/' },
      { kind: 'file', key: 'a.txt' },
    ],
    conditions: [
      { kind: 'until', at: Date.UTC(2026, 10, 30, 16) },
      { kind: 'addresses', values: ['203.0.113.0/24'] },
      { kind: 'internet' },
    ],
    until: Date.UTC(2026, 10, 30, 16),
    traps: [],
  });
});

test.each([
  [['oss:*'], { isFull: true, known: ['read', 'write', 'list', 'delete', 'acl'], others: [] }],
  [['*'], { isFull: true, known: ['read', 'write', 'list', 'delete', 'acl'], others: [] }],
  [['oss:getobject', 'OSS:ListObjects'], { isFull: false, known: ['read', 'list'], others: [] }],
  [['oss:Get*'], { isFull: false, known: ['read'], others: ['oss:Get*'] }],
  [['oss:PutBucketPolicy'], { isFull: false, known: [], others: ['oss:PutBucketPolicy'] }],
  // Beside no right to read, this says something of its own.
  [['oss:GetObjectAcl'], { isFull: false, known: [], others: ['oss:GetObjectAcl'] }],
])('%j is %j', (Action, rights) => {
  expect(read({ Action })).toMatchObject({ rights });
});

test.each([
  ['*', { kind: 'everything' }],
  [resource('*'), { kind: 'everything' }],
  [resource(`${bucket}*`), { kind: 'everything' }],
  [resource(bucket), { kind: 'bucket' }],
  [resource('nord?ind'), { kind: 'bucket' }],
  [resource(`${bucket}/*`), { kind: 'files', prefix: '' }],
  [resource(`${bucket}/logs*`), { kind: 'files', prefix: 'logs' }],
  [resource(`${bucket}/a/*.jpg`), { kind: 'pattern', of: 'key', text: 'a/*.jpg' }],
  [resource('nord*/logs/*'), { kind: 'pattern', of: 'resource', text: 'nord*/logs/*' }],
  [resource('nordwind-archive/*'), { kind: 'elsewhere' }],
  ['arn:aws:s3:::nordwind/*', { kind: 'elsewhere' }],
])('the resource %s is %j', (Resource, place) => {
  expect(read({ Resource })).toMatchObject({ places: [place] });
});

test.each([
  ['another element', { NotAction: ['oss:GetObject'] }],
  ['a principal of RAM', { Principal: { RAM: ['acs:ram::1798:root'] } }],
  ['a number', { Principal: [1798] }],
  ['another effect', { Effect: 'Maybe' }],
  ['a condition of another form', { Condition: { Bool: { 'acs:SecureTransport': true } } }],
])('a statement with %s is shown as it is, not half understood', (_, changes) => {
  const rule = read(changes);
  expect(rule.kind).toBe('other');
  expect(JSON.parse(rule.json)).toMatchObject(changes);
});

test('a condition without words is kept as text, and a date that is none, too', () => {
  const Condition = {
    StringEquals: { 'oss:ExistingObjectTag/team': ['blue', 'red'] },
    DateLessThan: { 'acs:CurrentTime': ['soon'] },
    Bool: { 'acs:SecureTransport': ['false'] },
  };
  expect(read({ Condition })).toMatchObject({
    until: null,
    conditions: [
      { kind: 'other', text: 'StringEquals oss:ExistingObjectTag/team: blue, red' },
      { kind: 'other', text: 'DateLessThan acs:CurrentTime: soon' },
      { kind: 'other', text: 'Bool acs:SecureTransport: false' },
    ],
  });
});

test('of several ends the earliest counts, of several moments in one condition the latest', () => {
  const Condition = {
    DateLessThan: { 'acs:CurrentTime': ['2026-12-05T00:00:00Z', '2026-12-04T00:00:00Z'] },
    DateLessThanEquals: { 'acs:CurrentTime': ['2026-12-07T00:00:00Z'] },
  };
  expect(read({ Condition })).toMatchObject({ until: Date.UTC(2026, 11, 5) });
});

const ip = (...addresses: readonly string[]) => ({ IpAddress: { 'acs:SourceIp': addresses } });
const internet = { StringNotLike: { 'acs:SourceVpc': ['vpc-*'] } };
const deny = { Effect: 'Deny', Principal: ['*'] };

test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
  ['everyone', { Principal: ['*'] }, ['public']],
  ['everyone as one text', { Principal: '*' }, ['public']],
  ['nobody by name', { Principal: [] }, ['no-principal', 'public']],
  ['every session of all accounts', { Principal: ['arn:sts::*:*/*/*'] }, ['public']],
  ['every session of one role', { Principal: ['arn:sts::1798:assumed-role/Reader/*'] }, ['counts-as-public']],
  ['one session', { Principal: ['arn:sts::1798:assumed-role/Reader/anna'] }, []],
  ['everyone until a moment', { Principal: ['*'], Condition: until('2026-12-01T00:00:00Z') }, ['public']],
  ['everyone from a small network', { Principal: ['*'], Condition: { ...ip('203.0.113.0/24'), ...internet } }, []],
  ['everyone from half the internet', { Principal: ['*'], Condition: { ...ip('0.0.0.0/1'), ...internet } }, ['public']],
  ['everyone from a VPC', { Principal: ['*'], Condition: { StringEquals: { 'acs:SourceVpc': ['vpc-1'] } } }, []],
  [
    'everyone from any VPC',
    { Principal: ['*'], Condition: { StringLike: { 'acs:SourceVpc': ['vpc-*'] } } },
    ['public'],
  ],
  [
    'everyone outside a VPC',
    { Principal: ['*'], Condition: { StringNotEquals: { 'acs:SourceVpc': 'v' } } },
    ['public'],
  ],
  ['a user from an address alone', { Condition: ip('203.0.113.5') }, ['address-alone']],
  ['everyone, denied', deny, []],
  ['everyone, denied under a condition', { ...deny, Condition: until('2026-12-01T00:00:00Z') }, ['hits-owner']],
  ['a role as RAM writes it', { Principal: ['acs:ram::1798:role/reader'] }, ['names-nobody']],
  ['another bucket', { Resource: [resource('elsewhere/*')] }, ['elsewhere']],
  ['what is over', { Condition: until('2026-11-30T12:00:00Z') }, ['expired']],
  ['what begins later', { Condition: { DateGreaterThan: { 'acs:CurrentTime': '2026-12-01T00:00:00Z' } } }, ['not-yet']],
])('%s has these traps: %j', (_, changes, traps) => {
  expect(read(changes)).toMatchObject({ traps });
});

function until(text: string): object {
  return { DateLessThan: { 'acs:CurrentTime': text } };
}

test('what Block Public Access makes void is not called public', () => {
  expect(read({ Principal: ['*'] }, true)).toMatchObject({ traps: ['blocked'] });
  expect(read({ Principal: ['*'] }, null)).toMatchObject({ traps: ['public'] });
});

test.each([
  ['reports/', true],
  ['reports/2026/', true],
  ['re', true],
  ['photos/', false],
])('a rule for what is below reports/ concerns %s: %s', (prefix, isConcerned) => {
  expect(concerns(read({ Resource: resource(`${bucket}/reports/*`) }), prefix)).toBe(isConcerned);
  const listing = { StringLike: { 'oss:Prefix': ['reports/*'] } };
  expect(concerns(read({ Resource: resource(bucket), Condition: listing }), prefix)).toBe(isConcerned);
});

test('rules for the bucket, for everything, by patterns, and those without words may concern any folder', () => {
  for (const Resource of ['*', resource(bucket), resource(`${bucket}/*`), resource(`${bucket}/*/b.txt`)]) {
    expect(concerns(read({ Resource }), 'photos/')).toBe(true);
  }
  expect(concerns(read({ NotAction: [] }), 'photos/')).toBe(true);
  expect(concerns(read({ Resource: resource(`${bucket}/p?otos/a`) }), 'photos/')).toBe(true);
  expect(concerns(read({ Resource: resource(`${bucket}/photos.txt`) }), 'photos/')).toBe(false);
  expect(concerns(read({ Resource: resource('elsewhere/*') }), 'photos/')).toBe(false);
  expect(concerns(read({ Resource: resource('elsewhere/*') }), '')).toBe(true);
});

test.each([
  [resource(`${bucket}/reports/*`), true],
  [resource(`${bucket}/reports/2026/a.txt`), true],
  [resource(`${bucket}/reports/*.csv`), true],
  [resource(`${bucket}/report*`), false],
  [resource(`${bucket}/*`), false],
  [resource(bucket), false],
  ['*', false],
  [resource('nord*/reports/*'), false],
])('a rule for %s is about reports/ alone: %s', (Resource, isAlone) => {
  expect(isWithin(read({ Resource }), 'reports/')).toBe(isAlone);
  expect(isWithin(read({ Resource }), '')).toBe(true);
});

test('a list of what is below a prefix is about that prefix alone', () => {
  const listing = (...values: readonly string[]) => ({ StringLike: { 'oss:Prefix': values } });
  const lists = (...values: readonly string[]) => read({ Resource: resource(bucket), Condition: listing(...values) });
  expect(isWithin(lists('reports/*', 'reports/2026/*'), 'reports/')).toBe(true);
  expect(isWithin(lists('reports/*', 'photos/*'), 'reports/')).toBe(false);
  expect(isWithin(lists('*'), 'reports/')).toBe(false);
});

test.each([
  ['by name', { Principal: [uid] }, true],
  ['among others', { Principal: ['1001', uid] }, true],
  ['as everyone', { Principal: '*' }, true],
  ['by an empty list', { Principal: [] }, true],
  ['not as another', { Principal: ['1001'] }, false],
  ['not by a Deny', { Effect: 'Deny' }, false],
  ['not any more', { Condition: until('2026-11-01T00:00:00Z') }, false],
])('a user is allowed something %s', (_, changes, isAllowed) => {
  expect(mayAllow(read(changes), uid)).toBe(isAllowed);
});

test('a session is allowed what all sessions of its role are', () => {
  const rule = read({ Principal: ['arn:sts::1798:assumed-role/Reader/*'] });
  expect(mayAllow(rule, 'arn:sts::1798:assumed-role/Reader/anna')).toBe(true);
  expect(mayAllow(rule, 'arn:sts::1798:assumed-role/reader/anna')).toBe(true);
  expect(mayAllow(rule, 'arn:sts::1798:assumed-role/Writer/anna')).toBe(false);
  expect(mayAllow(read({ Principal: '*' }, true), uid)).toBe(false);
});

test('a role is allowed what some of its sessions are; everyone isn’t what somebody is', () => {
  const rule = read({ Principal: ['arn:sts::1798:assumed-role/Reader/anna'] });
  expect(mayAllow(rule, 'arn:sts::1798:assumed-role/Reader/*')).toBe(true);
  expect(mayAllow(rule, 'arn:sts::1798:assumed-role/Writer/*')).toBe(false);
  expect(mayAllow(rule, '*')).toBe(false);
});

test('what isn’t understood may allow anything, unless it denies', () => {
  const odd = (Effect: string) => readRule({ Effect, Principal: [1798] }, { bucket, now, isBlocked: false });
  expect([odd('Allow'), odd('Deny')].map((rule) => [rule.kind, mayAllow(rule, uid)])).toEqual([
    ['other', true],
    ['other', false],
  ]);
});

test.each([
  ['{"Effect":"Allow", "Note":"a b"}', '{\n  "Effect": "Allow",\n  "Note": "a b"\n}'],
  ['{"Effect":"Allow","Note":12345678901234567890}', '{"Effect":"Allow","Note":12345678901234567890}'],
  ['{"Effect":"Deny","Effect":"Allow"}', '{"Effect":"Deny","Effect":"Allow"}'],
])('%s is shown without anything lost', (text, shown) => {
  const statement = JSON.parse(text) as Readonly<Record<string, unknown>>;
  expect(readRule(statement, { bucket, now, isBlocked: false }, text).json).toBe(shown);
});
