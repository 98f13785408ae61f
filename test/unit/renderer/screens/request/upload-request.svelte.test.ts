import { expect, test } from 'vitest';
import type { LinkPlan, LinkValidity } from '../../../../../main/contract/contract.ts';
import { UploadRequestForm } from '../../../../../renderer/screens/request/upload-request.svelte.ts';
import { answering } from '../../answering.ts';

const folder = { accountId: '3b1c9c1e-6f0e-4a55-9a9e-2d3a3f1f6b10', bucket: 'inbox', prefix: '' };
const validity: LinkValidity = { validUntil: 1_795_549_800_000, limitedBy: 'expiry', sessionEndUnknown: false };
const plan: LinkPlan = { validity, problems: [], warnings: [], hosts: [] };

test('a request is made although the form asked once more while main was answering', async () => {
  const answers: ((answer: LinkPlan) => void)[] = [];
  const form = new UploadRequestForm(
    folder,
    null,
    answering({
      'links.checkUploads': () => new Promise((answer) => answers.push(answer)),
      'links.requestUploads': () => ({ ...validity, path: '/tmp/request.json', slots: 1 }),
    }),
  );
  form.set({ names: 'a.pdf' });
  const making = form.make('file');
  const asking = form.refreshPlan();
  for (const answer of answers) answer(plan);
  await Promise.all([making, asking]);
  expect(form.result).toMatchObject({ slots: 1 });
});
