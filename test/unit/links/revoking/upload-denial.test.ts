import { expect, test } from 'vitest';
import { denyStatements, type UploadDenial } from '../../../../main/links/revoking/upload-denial.ts';
import { isStale } from '../../../../main/links/revoking/our-statements.ts';

const denial: UploadDenial = {
  bucket: 'b',
  keys: { kind: 'prefix', prefix: 'drop/7f3a/' },
  accessKeyId: 'LTAI5tEXAMPLE',
  validUntil: Date.UTC(2026, 11, 1),
};

test('a form is denied by its key, below its prefix, until a while after its end', () => {
  expect(denyStatements(denial)).toEqual([
    {
      Effect: 'Deny',
      Action: ['oss:PutObject'],
      Principal: ['*'],
      Resource: ['acs:oss:*:*:b/drop/7f3a/*'],
      Condition: {
        StringEquals: { 'acs:AccessId': ['LTAI5tEXAMPLE'] },
        DateLessThan: { 'acs:CurrentTime': ['2026-12-01T00:15:00Z'] },
      },
    },
  ]);
});

test('many slots make several statements, each short enough', () => {
  const keys = Array.from({ length: 300 }, (_, index) => `drop/"${index}"/${'ü'.repeat(20)}`);
  const statements = denyStatements({ ...denial, keys: { kind: 'slots', keys } });
  expect(statements.flatMap(({ Resource }) => Resource)).toEqual(keys.map((key) => `acs:oss:*:*:b/${key}`));
  for (const statement of statements) expect(Buffer.byteLength(JSON.stringify(statement))).toBeLessThanOrEqual(4095);
});

test.each(['', 'STS.*', '*', 'LTAI5t?', 'a b c d e f'])('%j could hit more than one key', (accessKeyId) => {
  const refused = / form-key-id$/;
  expect(() => denyStatements({ ...denial, accessKeyId })).toThrow(refused);
});

test('no slots deny nothing, and above all not everything', () => {
  expect(() => denyStatements({ ...denial, keys: { kind: 'slots', keys: [] } })).toThrow();
});

test('a statement is stale once its time is over, and only if it is ours', () => {
  const [ours = {}] = denyStatements(denial);
  const later = denial.validUntil + 16 * 60_000;
  expect(isStale(ours, denial.validUntil)).toBe(false);
  expect(isStale(ours, later)).toBe(true);
  expect(isStale({ ...ours, Effect: 'Allow' }, later)).toBe(false);
  expect(isStale({ ...ours, Action: ['oss:*'] }, later)).toBe(false);
  expect(isStale({ ...ours, Principal: ['20214760404935'] }, later)).toBe(false);
  expect(isStale({ ...ours, Sid: 'mine' }, later)).toBe(false);
});
