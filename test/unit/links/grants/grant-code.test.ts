import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toFailure } from '../../../../main/failure.ts';
import type { Grant } from '../../../../main/links/grants/grant.ts';
import { openGrant, sealGrant } from '../../../../main/links/grants/grant-code.ts';

const passphrase = 'seven wombats juggle';
const grant: Grant = {
  accessKey: { accessKeyId: 'STS.Example', accessKeySecret: 'SECRET', securityToken: 'TOKEN' },
  validUntil: 1_795_000_000_000,
  bucket: 'samples',
  keys: ['a/运单.pdf'],
  prefixes: ['b/'],
  allow: ['read', 'list'],
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  region: 'cn-hangzhou',
  cname: false,
  signVersion: 'v4',
};

async function failureOf(work: Promise<unknown>): Promise<object> {
  return work.then(() => ({}), toFailure);
}

test('a code holds the grant, whole', async () => {
  expect(await openGrant(await sealGrant(grant, passphrase), passphrase)).toEqual(grant);
});

/** As an earlier version sealed it, with N = 2^15. */
const earlierCode = [
  'waybill-grant:AQ8BOljuSbPDnObBlfpZb4F5eb_esUg8qNOp_v3ObTDfO3SBTdIu2AgJoGHShG05WJ1t0uBNRUs8Fzrtx8Dfkh',
  '-PmVHH0QnETVAdzkfR1Vy-yGsgE1b_vlf9dW4r9HPVxYER8Ahr3wuWQ-l6QAZQ1JWrrRMry8w-M2n0-PiPKb9Hch8Lq_UP-q_KYb',
  '91BdXDtKBjrNCofBESGSw6XYr8OfLaxA0r99Gf5kBZ_sD4lyJkg5F3jCsnNZnfDHpmSdZYlMue1kLHLLzUWx9TdhAQ0sDvW1ZQ4W',
  't7feGKo7I8Jr1hgWmJR4cwY62S9EwFoiTytQwcTpK4Qu9YV7IVPsXkYJWeNJW2eZzl3iaINcw-5fXEF0e3UnLiZnSyomw34cuRIj',
  'STBulN9d-x_0Mjv-UBb_tSx7xNOPehvuUl63xH_ZONsEalKKXVxK6UOvLefZbVMqM4WSQhOpY1--_Psh4',
].join('');

test('a code of an earlier version opens, whatever its passphrase, and a new one costs four times as much to guess', async () => {
  expect(await openGrant(earlierCode, 'correct horse')).toEqual(grant);
  expect([earlierCode, await sealGrant(grant, passphrase)].map(logNOf)).toEqual([15, 17]);
});

function logNOf(code: string): number | undefined {
  return Buffer.from(code.replace(/^.*:/, ''), 'base64url')[1];
}

test('a passphrase is the same in every form of Unicode, and none that is easily guessed', async () => {
  const code = await sealGrant(grant, 'caf\u00e9 wombats juggle');
  expect(await openGrant(code, 'cafe\u0301 wombats juggle')).toEqual(grant);
  expect(await failureOf(sealGrant(grant, '12345678'))).toMatchObject({ rule: 'passphrase-too-weak' });
  expect(await failureOf(sealGrant(grant, '1234567'))).toMatchObject({ field: 'passphrase', limit: '8' });
});

test('a grant that no code can hold is refused', async () => {
  const keys = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(1000, 'k'));
  expect(await failureOf(sealGrant({ ...grant, keys }, passphrase))).toEqual({
    kind: 'input',
    field: 'scope',
    rule: 'grant-too-large',
  });
});

test('what was sealed by somebody else must be a grant as well', async () => {
  const code = await sealGrant({ ...grant, bucket: '' }, passphrase);
  expect(await failureOf(openGrant(code, passphrase))).toEqual({
    kind: 'input',
    field: 'code',
    rule: 'grant-damaged',
  });
});

test('a code that would cost a guess of gigabytes is damaged, before anything is computed', async () => {
  const code = Buffer.from((await sealGrant(grant, passphrase)).replace(/^.*:/, ''), 'base64url');
  for (const logN of [0, 18, 30]) {
    const other = Buffer.from(code.subarray(0, -4));
    other[1] = logN;
    const check = createHash('sha256').update(other).digest().subarray(0, 4);
    const text = `waybill-grant:${Buffer.concat([other, check]).toString('base64url')}`;
    expect(await failureOf(openGrant(text, passphrase)), String(logN)).toMatchObject({ rule: 'grant-damaged' });
  }
});
