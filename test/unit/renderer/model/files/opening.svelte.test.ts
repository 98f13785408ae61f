import { expect, test } from 'vitest';
import type { ArgsOf, OpenAnswer, OpenedFile } from '../../../../../main/contract/contract.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { Dialogs } from '../../../../../renderer/model/dialogs.svelte.ts';
import { Opening } from '../../../../../renderer/model/files/opening.svelte.ts';
import { News } from '../../../../../renderer/model/news.ts';
import { t } from '../../../../support/words.ts';
import { answering } from '../../answering.ts';
import { makeAccount } from '../../making.ts';

const { id: accountId } = makeAccount();
const object = { accountId, bucket: 'photos', key: 'a/plan.txt', versionId: null };

interface Made {
  readonly answer?: OpenAnswer;
  readonly archived?: boolean;
  readonly list?: readonly OpenedFile[];
}

function make({ answer = { kind: 'opened' }, archived = false, list = [] }: Made = {}) {
  const asked: ArgsOf<'editing.open'>[] = [];
  const saved: string[] = [];
  const news = new News(new Messages('en'));
  const dialogs = new Dialogs();
  const opening = new Opening({
    actions: { folder: { accountId, bucket: 'photos', prefix: 'a/' }, selectedKey: 'a/plan.txt' },
    ...{ dialogs, news, messages: new Messages('en') },
    frozen: {
      among: () => Promise.resolve(archived ? [{ key: 'a/plan.txt', storageClass: 'ColdArchive' }] : []),
    },
    call: answering({
      'editing.list': () => list,
      'editing.open': (args) => {
        asked.push(args);
        return answer;
      },
      'editing.save': ({ id }) => {
        saved.push(id);
        return null;
      },
    }),
  });
  return { opening, dialogs, asked, saved, titles: () => [...news.board.items.values()].map(({ title }) => title) };
}

const file = (state: OpenedFile['state']): OpenedFile => ({ ...object, id: 'one', name: 'plan.txt', state });
const offline = { at: 'waiting', because: { kind: 'network', reason: 'offline' } } as const;

test('the selected file is opened, or edited', async () => {
  const { opening, asked, dialogs } = make();
  await opening.openSelected();
  await opening.openSelected({ use: 'edit' });
  expect(asked).toEqual([
    { ...object, use: 'show', program: 'usual', isLargeFine: false },
    { ...object, use: 'edit', program: 'usual', isLargeFine: false },
  ]);
  expect(dialogs.current).toBeNull();
});

test('an archived file is offered to be restored, and not asked for', async () => {
  const { opening, asked, dialogs } = make({ archived: true });
  await opening.open(object);
  expect(asked).toEqual([]);
  expect(dialogs.current).toMatchObject({ name: 'frozen', subject: { keys: ['a/plan.txt'] } });
});

test('what stands against opening is asked about, with what was wished', async () => {
  const { opening, dialogs } = make({ answer: { kind: 'large', sizeBytes: 1 } });
  await opening.open(object, { use: 'edit' });
  expect(dialogs.current).toMatchObject({ name: 'open-question', answer: { kind: 'large' }, wish: { use: 'edit' } });
});

test('a save is told, and what isn’t saved once, however often it is tried', () => {
  const { opening, titles } = make();
  opening.apply([file({ at: 'saved', savedAt: null })]);
  expect(titles()).toEqual([]);
  for (const state of [{ at: 'saving' }, offline, { at: 'saving' }, offline] as const) opening.apply([file(state)]);
  expect(titles()).toEqual([t('editing.unsaved', { name: 'plan.txt' })]);
  expect(opening.unsaved).toHaveLength(1);
  opening.apply([file({ at: 'saving' })]);
  opening.apply([file({ at: 'saved', savedAt: 1 })]);
  expect(titles()).toContain(t('editing.saved', { name: 'plan.txt' }));
  expect(opening.unsaved).toEqual([]);
});

test('a conflict opens its dialog, after the one that is open', () => {
  const { opening, dialogs } = make();
  dialogs.open({ name: 'keys' });
  opening.apply([file({ at: 'saving' })]);
  opening.apply([file({ at: 'conflict', theirs: 'changed' })]);
  expect(dialogs.current).toEqual({ name: 'keys' });
  dialogs.close();
  expect(dialogs.current).toEqual({ name: 'edit-conflict', id: 'one' });
});

test('what an earlier run left is offered, and what waits for the network is tried once that is back', async () => {
  const { opening, saved, titles } = make({ list: [file({ at: 'kept' })] });
  await opening.load();
  expect(titles()).toEqual([t('editing.kept', { count: 1, shown: '1' })]);
  opening.cameOnline();
  expect(saved).toEqual([]);
  opening.apply([file(offline)]);
  opening.cameOnline();
  expect(saved).toEqual(['one']);
});
