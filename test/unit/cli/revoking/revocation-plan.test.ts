import { expect, test } from 'vitest';
import type { CommandContext } from '../../../../main/cli/arguments/command.ts';
import type { RevokeValues } from '../../../../main/cli/arguments/revoke-options.ts';
import { earlierDenial, type PlacedLink, planRevocation } from '../../../../main/cli/revoking/revocation-plan.ts';
import type { LinkDiagnosis } from '../../../../main/links/receiving/link-diagnosis.ts';
import type { LinkNote } from '../../../../main/links/text/link-note.ts';
import { readSignedUrl } from '../../../../main/links/text/pasted-link.ts';
import { t } from '../../../support/words.ts';

const validUntil = 1_800_000_000_000;
const url = `https://b.oss-cn-hangzhou.aliyuncs.com/k?Expires=${validUntil / 1000}&OSSAccessKeyId=LTAI5tEXAMPLE&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D`;

function placed(note: LinkNote | null = null, session: PlacedLink['session'] = null): PlacedLink {
  const reading = readSignedUrl(url);
  if (reading.kind !== 'link') throw new Error(reading.kind);
  return { link: { url, parts: reading.parts, note }, count: 1, validUntil, bucket: 'b', session };
}

const answered = { serverTime: null, clockOffBy: 0, code: null, ec: null, requestId: null };
const works: LinkDiagnosis = { ...answered, cause: 'none', status: 206 };
const failure = { kind: 'link', cause: 'link-mismatch' } as const;
const mismatch: LinkDiagnosis = { ...answered, cause: 'link-mismatch', failure, orElse: [] };

/** Plans with somebody at the terminal who types `typed`, or nobody there. */
async function plan(typed: string | null, diagnosis: LinkDiagnosis, values: RevokeValues = {}, one = placed()) {
  const said: string[] = [];
  const ask = typed === null ? null : () => Promise.resolve(typed);
  const out = { say: (line: string) => void said.push(line), answer: () => Promise.resolve(), terminal: null, ask };
  const context = { out, signal: new AbortController().signal } as unknown as CommandContext;
  return { said, revocation: await planRevocation(one, diagnosis, values, context) };
}

test.each(['y', 'YES '])('%j agrees to what else is hit, which was named', async (typed) => {
  const { said, revocation } = await plan(typed, works);
  const hit = { place: 'oss://b/k', bucket: 'b', id: 'LTAI5tEXAMPLE', moment: '2027-01-15T08:00:00Z' };
  expect(said).toEqual([t('cli.revoke.key', hit)]);
  expect(revocation).toEqual({
    ...{ bucket: 'b', validUntil, link: { url, method: 'GET', headers: {} } },
    signer: { kind: 'object', accessKeyId: 'LTAI5tEXAMPLE', key: 'k', method: 'GET' },
  });
});

test.each(['', 'n', 'yesterday'])('%j doesn’t', async (typed) => {
  const { said, revocation } = await plan(typed, works);
  expect(revocation).toBeNull();
  expect(said.at(-1)).toBe(t('failure.cancelled.next'));
});

test('where nobody can be asked, --yes must say so', async () => {
  await expect(plan(null, works)).rejects.toThrow(t('cli.revoke.yes'));
  expect((await plan(null, works, { yes: true })).revocation).not.toBeNull();
});

test('what nobody may have signed is left alone, unless it is said to be for something that can’t be tried', async () => {
  await expect(plan('y', mismatch)).rejects.toThrow(t('cli.revoke.unproven'));
  const { revocation } = await plan('y', mismatch, { method: 'put' });
  expect(revocation).toMatchObject({ link: null, signer: { method: 'PUT' } });
  await expect(plan('y', mismatch, { method: 'POST' })).rejects.toThrow('--method');
});

test('a link to delete is denied as one, by its note, and not tried', async () => {
  const note: LinkNote = { method: 'DELETE', headers: {} };
  const wrong: LinkDiagnosis = { ...answered, cause: 'wrong-method', method: 'DELETE' };
  const { revocation, said } = await plan('y', wrong, {}, placed(note));
  expect(said.at(-1)).toBe(t('cli.revoke.untried'));
  expect(revocation).toMatchObject({ link: null, signer: { method: 'DELETE' } });
});

test('a session of this computer is denied alone, without a question', async () => {
  const session = {
    ...{ accessKeyId: 'STS.1', principals: ['arn:sts::1:assumed-role/r/wb-1'], bucket: 'b', host: null, links: 3 },
    validUntil: validUntil + 1000,
  };
  const { said, revocation } = await plan(null, mismatch, {}, placed(null, session));
  expect(said).toEqual([t('cli.revoke.session', { bucket: 'b', count: 3, moment: '2027-01-15T08:00:01Z' })]);
  const denial = {
    bucket: 'b',
    signer: { kind: 'session', principals: session.principals },
    validUntil: validUntil + 1000,
  };
  expect(revocation).toEqual({ ...denial, link: null });
  expect(earlierDenial(placed(null, session), {})).toEqual(denial);
});
