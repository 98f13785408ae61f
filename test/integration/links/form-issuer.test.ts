import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FormToIssue } from '../../../main/links/forms/form-issuer.ts';
import { newFormKey } from '../../../main/links/forms/form-formats.ts';
import type { UploadForm } from '../../../main/links/forms/issue-form.ts';
import { WaybillError } from '../../../main/failure.ts';
import { endPage, endPageAndUploads, reopenPage } from '../../../main/links/pages/end-page.ts';
import { issuePageUploads } from '../../../main/links/pages/page-uploads.ts';
import { policyEditor } from '../../../main/links/revoking/policy-text.ts';
import { getBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { longRole, makeDesk } from './desk.ts';

const bucket = 'waybill-inbox';
const hour = 3_600_000;
let desk: Awaited<ReturnType<typeof makeDesk>>;

beforeAll(async () => {
  desk = await makeDesk();
});
afterEach(() => {
  desk.time.ahead = 0;
});
afterAll(() => desk.close());

const form = (prefix: string, fields: Partial<FormToIssue> = {}): FormToIssue => ({
  ...{ bucket, prefix, slots: null, sizeBytes: { min: 0, max: 1000 }, contentTypes: [], forbidOverwrite: true },
  ...{ expiresSeconds: 3600, ownSession: false, ...fields },
});

/** Uploads with a form, and returns the status. */
async function upload(issued: UploadForm, key = newFormKey(issued, Date.now())): Promise<number> {
  const body = new FormData();
  for (const [name, value] of [['key', key] as const, ...issued.fields]) body.append(name, value);
  body.append('file', new Blob(['handed in']), 'x');
  return (await fetch(issued.action, { method: 'POST', body })).status;
}

test('a form is in the ledger, without signature, policy or token', async () => {
  const id = await desk.addRole();
  const asked = form('in/', { ownSession: true });
  const details = { format: 'page', note: 'scans', recipient: 'Lin' } as const;
  const { form: issued, ledgerId, validity } = await desk.forms.issue(id, asked, details);
  expect(await upload(issued)).toBe(200);
  const entry = desk.ledger.get(ledgerId);
  expect(entry).toMatchObject({
    what: { kind: 'form', bucket, keys: { kind: 'prefix', prefix: 'in/' }, format: 'page' },
    signer: { kind: 'role', own: true },
    validUntil: validity.validUntil,
    ...{ note: 'scans', recipient: 'Lin', state: 'live' },
  });
  for (const [name, value] of issued.fields) {
    if (/policy|signature|token/i.test(name)) expect(JSON.stringify(entry), name).not.toContain(value);
  }
});

test('the prepared uploads of a page go to the host of its form', async () => {
  const id = await desk.addOwner();
  const asked = form('hosted/', { host: { domain: 'files.example.com' } });
  const page = await desk.forms.issue(id, asked, { format: 'page' });
  const uploads = { accountId: id, page, uploads: { count: 1, sizeBytes: 1_000_000 }, now: Date.now };
  const [ticket] = await issuePageUploads(desk, uploads, { ...asked, recipient: '' });
  for (const url of [ticket?.put, ticket?.complete]) expect(url?.startsWith(page.form.action)).toBe(true);
});

test('of a page whose uploads can’t all be prepared, nothing is left', async () => {
  const id = await desk.addOwner();
  const asked = form('broken/');
  const before = desk.ledger.all();
  const page = await desk.forms.issue(id, asked, { format: 'page' });
  const uploads = { accountId: id, page, uploads: { count: 3, sizeBytes: 1_000_000 }, now: Date.now };
  const refused = new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
  let started = 0;
  const tickets = {
    issue: (...args: Parameters<typeof desk.tickets.issue>) =>
      ++started === 3 ? Promise.reject(refused) : desk.tickets.issue(...args),
    end: (ledgerId: string) => desk.tickets.end(ledgerId),
  };
  const made = issuePageUploads({ tickets, ledger: desk.ledger }, uploads, { ...asked, recipient: '' });
  await expect(made).rejects.toBe(refused);
  expect(desk.ledger.all()).toEqual(before);
  const left = await desk.accounts.run(id, bucket, (c) => listMultipartUploads(c, bucket, { prefix: 'broken/' }));
  expect(left.uploads).toEqual([]);

  const tooMany = { ...uploads, page: await desk.forms.issue(id, asked, { format: 'page' }) };
  const many = issuePageUploads(
    desk,
    { ...tooMany, uploads: { count: 21, sizeBytes: 1 } },
    { ...asked, recipient: '' },
  );
  await expect(many).rejects.toMatchObject({ failure: { rule: 'large-count' } });
  expect(desk.ledger.all()).toEqual(before);
});

test('a session of its own takes files where the form says, and the plan says when it ends', async () => {
  const id = await desk.addRole(longRole, 7200);
  const asked = form('own/', { ownSession: true, expiresSeconds: 86_400 });
  const plan = await desk.forms.plan(id, asked);
  expect(plan.validity).toMatchObject({ limitedBy: 'session' });
  const { form: issued, validity } = await desk.forms.issue(id, asked, { format: 'json' });
  expect(issued.signedBy).toBe('session');
  expect(Math.abs(validity.validUntil - (plan.validity?.validUntil ?? 0))).toBeLessThan(60_000);
  expect(await upload(issued, 'own/a')).toBe(200);
  expect(await upload(issued, 'elsewhere/a')).toBe(403);
});

test('an account without a role has no session to give', async () => {
  const id = await desk.addOwner();
  const refused = { failure: { kind: 'input', field: 'ownSession', rule: 'no-role' } };
  await expect(desk.forms.plan(id, form('in/', { ownSession: true }))).rejects.toMatchObject(refused);
  await expect(desk.forms.issue(id, form('in/', { ownSession: true }), { format: 'page' })).rejects.toMatchObject(
    refused,
  );
});

test('renewed, a form has the same limits and lifetime, and the words of its entry', async () => {
  const id = await desk.addOwner();
  const slots = { names: ['a', 'b'] };
  const asked = form('slots/', { slots, contentTypes: ['text/csv'], storageClass: 'IA', tags: { team: 'x' } });
  const first = await desk.forms.issue(id, asked, { format: 'curl', note: 'n', recipient: 'Lin' });
  await desk.ledger.change([first.ledgerId], { note: 'changed' });
  desk.time.ahead = 2 * hour;
  const again = await desk.forms.renew(first.ledgerId);
  const { keys, sizeBytes, contentTypes, note } = again.form;
  expect({ keys, sizeBytes, contentTypes, note }).toEqual({
    keys: { kind: 'slots', keys: ['slots/a', 'slots/b'] },
    sizeBytes: { min: 0, max: 1000 },
    contentTypes: ['text/csv'],
    note: 'changed',
  });
  expect(again.format).toBe('curl');
  expect(again.validity.validUntil - first.validity.validUntil).toBeGreaterThanOrEqual(2 * hour - 1000);
  expect(desk.ledger.get(again.ledgerId)).toMatchObject({ renews: first.ledgerId, recipient: 'Lin' });
});

test('an entry of something else is no form', async () => {
  const id = await desk.addOwner();
  const { ledgerId } = await desk.links.issue(id, {
    ...{ method: 'GET', bucket, key: 'a', versionId: null, expiresSeconds: 60, fileName: null, open: null },
  });
  expect(() => desk.forms.renew(ledgerId)).toThrow(
    expect.objectContaining({ failure: { kind: 'input', field: 'link', rule: 'unknown' } }),
  );
});

describe('a form is ended by the policy of its bucket', () => {
  const parts = () => ({
    accounts: desk.accounts,
    ledger: desk.ledger,
    editor: policyEditor(),
    wait: () => Promise.resolve(),
  });

  test('with it, each form of the same right; not one for another folder', async () => {
    const id = await desk.addOwner();
    const issue = (prefix: string) => desk.forms.issue(id, form(prefix), { format: 'page' });
    const [ended, twin, other] = [await issue('ended/'), await issue('ended/'), await issue('kept/')];
    expect(await endPage(parts(), ended.ledgerId)).toMatchObject({ kind: 'ended' });
    expect([await upload(ended.form), await upload(twin.form), await upload(other.form)]).toEqual([403, 403, 200]);
    const states = [ended, twin, other].map(({ ledgerId }) => desk.ledger.get(ledgerId).state);
    expect(states).toEqual(['revoked', 'revoked', 'live']);
  });

  test('and works again with them once that is undone, until it expires', async () => {
    const id = await desk.addOwner();
    const issue = () => desk.forms.issue(id, form('undone/'), { format: 'page' });
    const [ended, twin] = [await issue(), await issue()];
    await endPage(parts(), ended.ledgerId);
    await reopenPage(parts(), ended.ledgerId);
    expect([await upload(ended.form), await upload(twin.form, 'undone/2')]).toEqual([200, 200]);
    const states = [ended, twin].map(({ ledgerId }) => desk.ledger.get(ledgerId).state);
    expect(states).toEqual(['live', 'live']);
    expect(await desk.accounts.run(id, bucket, (open) => getBucketPolicy(open, bucket))).not.toContain('undone/');
  });

  test('one that lives longer is denied until it expires, too', async () => {
    const id = await desk.addOwner();
    const short = await desk.forms.issue(id, form('twins/'), { format: 'page' });
    const long = await desk.forms.issue(id, form('twins/', { expiresSeconds: 6 * 3600 }), { format: 'page' });
    expect(await endPage(parts(), short.ledgerId)).toMatchObject({ kind: 'ended' });
    desk.time.ahead = 5 * hour;
    expect(await upload(long.form)).toBe(403);
    expect(desk.ledger.get(long.ledgerId).state).toBe('revoked');
  });

  test('another one isn’t made there by the same key while it is denied, nor is it renewed', async () => {
    const id = await desk.addOwner();
    const first = await desk.forms.issue(id, form('again/'), { format: 'page' });
    const slots = { ...form('again/'), slots: { names: ['a'] } };
    expect(await endPage(parts(), first.ledgerId)).toMatchObject({ kind: 'ended' });
    const entries = desk.ledger.all().length;
    const refused = { failure: { kind: 'input', rule: 'form-ended' } };
    await expect(desk.forms.renew(first.ledgerId)).rejects.toMatchObject(refused);
    await expect(desk.forms.issue(id, form('again/deeper/'), { format: 'page' })).rejects.toMatchObject(refused);
    await expect(desk.forms.issue(id, slots, { format: 'page' })).rejects.toMatchObject(refused);
    expect(desk.ledger.all()).toHaveLength(entries);
    expect(await upload((await desk.forms.issue(id, form('agai/'), { format: 'page' })).form)).toBe(200);
    // Policies read what stands for an asterisk as any character.
    const odd = await desk.forms.issue(id, form('odd*/'), { format: 'page' });
    await endPage(parts(), odd.ledgerId);
    await expect(desk.forms.issue(id, form('odd1/'), { format: 'page' })).rejects.toMatchObject(refused);
    // A session of its own isn't denied.
    const role = await desk.addRole();
    const own = await desk.forms.issue(role, form('again/', { ownSession: true }), { format: 'page' });
    expect(await upload(own.form)).toBe(200);
    desk.time.ahead = 1.5 * hour;
    expect(await upload((await desk.forms.renew(first.ledgerId)).form)).toBe(200);
  });

  test('slots too, whose names are tried without filling one', async () => {
    const id = await desk.addOwner();
    const { form: issued, ledgerId } = await desk.forms.issue(id, form('s/', { slots: { count: 2 } }), {
      format: 'page',
    });
    expect(await endPage(parts(), ledgerId)).toMatchObject({ kind: 'ended' });
    expect(await upload(issued, 's/1')).toBe(403);
  });

  test('one that a session of its own signed is denied by that session alone, and can’t be tried', async () => {
    const id = await desk.addRole();
    const { form: issued, ledgerId } = await desk.forms.issue(id, form('session/', { ownSession: true }), {
      format: 'page',
    });
    expect(await endPage(parts(), ledgerId)).toMatchObject({ kind: 'unconfirmed', why: 'untestable' });
    expect(await upload(issued)).toBe(403);
    expect(desk.ledger.get(ledgerId).state).toBe('denied');
    const policy = await desk.accounts.run(id, bucket, (open) => getBucketPolicy(open, bucket));
    const what = desk.ledger.get(ledgerId).what;
    expect(policy).toContain(what.kind === 'form' ? what.signedAs : 'a form');
  });

  test('one for the whole bucket isn’t ended, since the key would lose every upload', async () => {
    const id = await desk.addOwner();
    const { ledgerId } = await desk.forms.issue(id, form(''), { format: 'page' });
    await expect(endPage(parts(), ledgerId)).rejects.toMatchObject({
      failure: { kind: 'input', rule: 'deny-whole-bucket' },
    });
    expect(desk.ledger.get(ledgerId).state).toBe('live');
  });

  test('its prepared uploads end even where the policy can’t, and the other way round', async () => {
    const id = await desk.addOwner();
    const issue = async (prefix: string) => {
      const page = await desk.forms.issue(id, form(prefix), { format: 'page' });
      const uploads = { accountId: id, page, uploads: { count: 2, sizeBytes: 1_000_000 }, now: Date.now };
      const tickets = await issuePageUploads(desk, uploads, { ...form(prefix), recipient: '' });
      const open = () => desk.accounts.run(id, bucket, (c) => listMultipartUploads(c, bucket, { prefix }));
      const left = async () => {
        const ids = (await open()).uploads.map(({ uploadId }) => uploadId);
        return tickets.filter(({ uploadId }) => ids.includes(uploadId)).length;
      };
      return { ...page, left };
    };
    const whole = await issue('');
    await expect(endPageAndUploads({ ...parts(), tickets: desk.tickets }, whole.ledgerId)).rejects.toMatchObject({
      failure: { rule: 'deny-whole-bucket' },
    });
    expect(await whole.left()).toBe(0);

    const stuck = await issue('stuck/');
    const refused = new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
    const tickets = { end: () => Promise.reject(refused) };
    await expect(endPageAndUploads({ ...parts(), tickets }, stuck.ledgerId)).rejects.toBe(refused);
    expect([await stuck.left(), await upload(stuck.form)]).toEqual([2, 403]);
  });

  test('an expired one needs no policy', async () => {
    const id = await desk.addOwner();
    const { ledgerId } = await desk.forms.issue(id, form('late/'), { format: 'page' });
    desk.time.ahead = 2 * hour;
    expect(await endPage(parts(), ledgerId)).toEqual({ kind: 'expired' });
  });
});
