import { expect, test } from 'vitest';
import type { Account, ArgsOf, LinkPlan, LinkValidity } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { madeText } from '../../../../../renderer/screens/request/made-text.ts';
import { RequestForm } from '../../../../../renderer/screens/request/request-form.svelte.ts';
import type { Made } from '../../../../../renderer/screens/request/way.ts';
import { t } from '../../../../support/words.ts';
import { answering } from '../../answering.ts';

const folder = { accountId: '3b1c9c1e-6f0e-4a55-9a9e-2d3a3f1f6b10', bucket: 'inbox', prefix: 'from-lin/' };
const validity: LinkValidity = { validUntil: 1_795_549_800_000, limitedBy: 'expiry', sessionEndUnknown: false };
const plan: LinkPlan = { validity, problems: [], warnings: [], hosts: [] };
const role = { roleArn: 'acs:ram::1:role/waybill', sessionName: 'waybill', durationSeconds: 3600 };
const withRole = { defaultExpirySeconds: 3600, role, temporary: false } as unknown as Account;

/** A form, and what it last asked main for a page. */
function pageForm(account: Account | null = null): { form: RequestForm; asked: () => ArgsOf<'forms.check'> | null } {
  let last: ArgsOf<'forms.check'> | null = null;
  const form = new RequestForm(
    folder,
    account,
    answering({
      'forms.check': (args) => {
        last = args;
        return plan;
      },
    }),
  );
  return { form, asked: () => last };
}

test('a request is made although the form asked once more while main was answering', async () => {
  const answers: ((answer: LinkPlan) => void)[] = [];
  const form = new RequestForm(
    folder,
    null,
    answering({
      'links.checkUploads': () => new Promise((answer) => answers.push(answer)),
      'links.requestUploads': () => ({ ...validity, path: '/tmp/request.json', slots: 1 }),
    }),
  );
  form.set({ way: 'links', names: 'a.pdf' });
  const making = form.make('file');
  const asking = form.refreshPlan();
  for (const answer of answers) answer(plan);
  await Promise.all([making, asking]);
  expect(form.result).toMatchObject({ files: 1 });
});

test('a page collects any number of files in a folder of its own, unless asked otherwise', async () => {
  const { form, asked } = pageForm();
  await form.refreshPlan();
  expect(asked()).toMatchObject({ slots: null, forbidOverwrite: true, contentTypes: [] });
  expect(asked()?.prefix).toMatch(/^from-lin\/drop-\d{4}-\d\d-\d\d-[0-9a-f]{4}\/$/);
  form.set({ ownFolder: false, slotsBy: 'count', count: '12' });
  await form.refreshPlan();
  expect(asked()).toMatchObject({ prefix: 'from-lin/', slots: { count: 12 } });
});

test('sizes are typed in units of 1,024, and types with any separator', async () => {
  const { form, asked } = pageForm();
  form.set({ size: '1,5', sizeUnit: 'MB', contentType: ' image/PNG；application/pdf,, text/csv ' });
  await form.refreshPlan();
  expect(asked()?.sizeBytes).toEqual({ min: 1, max: 1_572_864 });
  expect(asked()?.contentTypes).toEqual(['image/png', 'application/pdf', 'text/csv']);
  form.set({ size: '' });
  await form.refreshPlan();
  expect(asked()?.sizeBytes.max).toBe(5 * 1024 ** 3);
});

test('uploads for large files are only for a folder, and none unless a number is typed', async () => {
  const { form, asked } = pageForm();
  await form.refreshPlan();
  expect(asked()?.large.count).toBe(0);
  form.set({ largeCount: '3', ticketSize: '50', ticketUnit: 'GB' });
  await form.refreshPlan();
  expect(asked()?.large).toEqual({ count: 3, sizeBytes: 50 * 1024 ** 3 });
  form.set({ largeCount: 'some' });
  await form.refreshPlan();
  expect(asked()?.large.count).toBe(-1);
  form.set({ slotsBy: 'count' });
  await form.refreshPlan();
  expect(asked()?.large.count).toBe(0);
});

test('a size that is no number is left for main to refuse', async () => {
  const { form, asked } = pageForm();
  for (const size of ['many', '-1', '1e3', '0']) {
    form.set({ size });
    await form.refreshPlan();
    expect(asked()?.sizeBytes.max, size).toBe(-1);
  }
});

test('links are one for each file, so any number of them means that they are named', () => {
  const { form } = pageForm();
  expect(form.slotsBy).toBe('any');
  form.set({ way: 'links' });
  expect(form.slotsBy).toBe('names');
  form.set({ way: 'page' });
  expect(form.slotsBy).toBe('any');
});

test('an account with a role signs with a session of its own, others as they always do', () => {
  expect(pageForm(withRole).form.signer).toBe('session');
  expect(pageForm({ ...withRole, role: null }).form.signer).toBe('key');
  expect(pageForm({ ...withRole, role: null, temporary: true } as Account).form.signer).toBe('token');
});

test('a ticket is for one file below the folder, and needs a name of its own', async () => {
  let last: ArgsOf<'tickets.check'> | null = null;
  const form = new RequestForm(
    folder,
    withRole,
    answering({
      'tickets.check': (args) => {
        last = args;
        return plan;
      },
    }),
  );
  form.set({ way: 'ticket' });
  await form.refreshPlan();
  expect(form.slotProblem).toBeNull();
  // What is known yet is that nothing was typed.
  form.set({ fileName: 'f' });
  expect(form.slotProblem).toBeNull();
  form.set({ fileName: '' });
  await form.make('file');
  expect(form.slotProblem).toMatchObject({ rule: 'key-empty' });
  form.set({ fileName: ' film.mov ', ticketSize: '2', ticketUnit: 'TB' });
  await form.refreshPlan();
  expect(form.slotProblem).toBeNull();
  expect(last).toMatchObject({ key: 'from-lin/film.mov', sizeBytes: 2 * 1024 ** 4, ownSession: true });
});

test.each([
  ['page', 'json', 'forms.make'],
  ['ticket', 'text', 'tickets.make'],
] as const)('what a %s gives is said by where it went', async (way, output, name) => {
  const made = { ...validity, path: null };
  const answers = { 'forms.check': () => plan, 'tickets.check': () => plan, [name]: () => made };
  const form = new RequestForm(folder, null, answering(answers));
  form.set({ way, fileName: 'a' });
  await form.make(output);
  expect(form.result).toMatchObject({ output, path: null });
  expect(madeText(form.result as Made, way, new Messages('en'))).toBe(
    t(way === 'page' ? 'request.copied.json' : 'request.copied.ticket'),
  );
  expect(madeText({ ...(form.result as Made), path: '/x' }, way, new Messages('en'))).toBe(
    t(`request.saved.${way}`, { path: '/x' }),
  );
});

test.each([
  ['that never had versions', 'never', []],
  ['with versions', 'enabled', ['overwrite-with-versions']],
  ['whose versions are suspended', 'suspended', ['overwrite-with-versions']],
  ['that may not be asked', null, ['overwrite-with-versions']],
] as const)(
  'a request into a bucket %s warns of versions only where there may be some',
  async (_name, versioning, warnings) => {
    const warned: LinkPlan = { ...plan, warnings: ['overwrite-with-versions'] };
    const form = new RequestForm(
      folder,
      null,
      answering({
        'links.checkUploads': () => warned,
        'buckets.versioning': () => {
          if (versioning === null) throw new CallFailed({ kind: 'credentials', cause: 'denied-by-policy' });
          return versioning;
        },
      }),
    );
    form.set({ way: 'links', names: 'a.pdf' });
    await form.refreshPlan();
    expect(form.plan?.warnings).toEqual([]);
    await form.bucketVersions.load();
    expect(form.plan?.warnings).toEqual(warnings);
  },
);
