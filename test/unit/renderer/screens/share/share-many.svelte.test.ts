import { describe, expect, test } from 'vitest';
import type { ArgsOf, Results } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { ShareManyForm } from '../../../../../renderer/screens/share/share-many.svelte.ts';
import { answering } from '../../answering.ts';
import { makeGate } from '../../making.ts';

const subject = {
  accountId: '3b1c9c1e-6f0e-4a55-9a9e-2d3a3f1f6b10',
  bucket: 'photos',
  keys: ['a.jpg'],
  prefixes: ['album/'],
};
const result: Results['links.makeMany'] = {
  validUntil: 1_795_549_800_000,
  limitedBy: 'expiry',
  sessionEndUnknown: false,
  made: 3,
  path: null,
  failedCount: 0,
  failed: [],
  archivedCount: 0,
  archived: [],
  warnings: [],
};

describe('sharing several objects', () => {
  test('asks for a session of their own, and ends what is under way when it is cancelled', async () => {
    const asked: string[] = [];
    let end: (() => void) | undefined;
    const form = new ShareManyForm(
      subject,
      null,
      answering({
        'links.makeMany': ({ record }) => {
          asked.push(JSON.stringify(record));
          return new Promise((_, reject) => {
            end = () => reject(new CallFailed({ kind: 'cancelled' }));
          });
        },
        'links.cancelMaking': () => {
          asked.push('cancel');
          end?.();
          return null;
        },
      }),
    );
    await form.cancel();
    form.set({ revocable: true });
    const making = form.copy();
    await form.cancel();
    await making;
    expect(asked).toEqual(['{"recipient":"","revocable":true}', 'cancel']);
    expect([form.making.busy, form.result, form.failure]).toEqual([false, null, { kind: 'cancelled' }]);
  });

  test('makes one list of links of all that is selected, in the chosen form', async () => {
    const asked: ArgsOf<'links.makeMany'>[] = [];
    const form = new ShareManyForm(
      subject,
      null,
      answering({
        'links.makeMany': (args) => {
          asked.push(args);
          return result;
        },
      }),
    );
    form.set({ format: 'manifest', expiry: { by: 'preset', seconds: 900 }, recipient: 'Li' });
    await form.copy();
    expect(asked).toEqual([
      {
        ...subject,
        format: 'manifest',
        folder: null,
        expiresSeconds: 900,
        fileName: null,
        open: 'download',
        record: { recipient: 'Li', revocable: false },
      },
    ]);
    expect([form.result, form.making.busy]).toEqual([result, false]);
  });

  test('saves into the folder that was chosen, and does nothing where none was', async () => {
    const folders: (string | null)[] = [];
    let picked: string | null = null;
    const form = new ShareManyForm(
      subject,
      null,
      answering({
        'dialogs.pickFolder': () => picked,
        'links.makeMany': ({ folder }) => {
          folders.push(folder);
          return result;
        },
      }),
    );
    await form.save();
    picked = '/home/li/Documents';
    await form.save();
    expect(folders).toEqual(['/home/li/Documents']);
  });

  test('what was made before is not shown of other links', async () => {
    const gate = makeGate<Results['links.makeMany']>();
    let answer: Promise<Results['links.makeMany']> = Promise.resolve(result);
    const form = new ShareManyForm(subject, null, answering({ 'links.makeMany': () => answer }));
    await form.copy();
    expect(form.result).toEqual(result);
    answer = gate.answer;
    form.made = 3;
    const again = form.copy();
    expect([form.result, form.made]).toEqual([null, 0]);
    gate.open(result);
    await again;
    form.set({ format: 'csv' });
    expect(form.result).toBeNull();
  });

  test('a list that is made while the form changes is not that of the form', async () => {
    const gate = makeGate<Results['links.makeMany']>();
    const form = new ShareManyForm(subject, null, answering({ 'links.makeMany': () => gate.answer }));
    const making = form.copy();
    form.set({ format: 'csv' });
    gate.open(result);
    await making;
    expect(form.result).toBeNull();
  });

  test('a change takes away what was said of the list before', async () => {
    const failure = { kind: 'credentials', cause: 'denied-by-policy' } as const;
    const form = new ShareManyForm(
      subject,
      null,
      answering({
        'links.makeMany': () => {
          throw new CallFailed(failure);
        },
      }),
    );
    await form.copy();
    expect(form.failure).toEqual(failure);
    form.set({ format: 'csv' });
    expect(form.failure).toBeNull();
  });
});
