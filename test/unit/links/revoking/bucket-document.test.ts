import { expect, test } from 'vitest';
import { type BucketDocument, DocumentEditor } from '../../../../main/links/revoking/bucket-document.ts';
import type { Connection } from '../../../../main/oss/connection.ts';

const connection = {} as Connection;

/** A bucket's list, and what others do to it between two requests. */
function listWith(meddle: (list: string[] | null, request: number) => string[] | null = (list) => list) {
  let list: string[] | null = ['theirs'];
  let requests = 0;
  const log: string[] = [];
  const next = async (name: string): Promise<void> => {
    log.push(name);
    await Promise.resolve();
    list = meddle(list, requests++);
  };
  const document: BucketDocument<readonly string[]> = {
    field: 'list',
    async read() {
      await next('read');
      return list;
    },
    async write(_connection, _bucket, value) {
      await next('write');
      list = value === null ? null : [...value];
    },
    isSame: (one, other) => JSON.stringify(one) === JSON.stringify(other),
  };
  return { editor: new DocumentEditor(document), list: () => list, log };
}

const adding =
  (name: string) =>
  (list: readonly string[] | null): readonly string[] | null =>
    list?.includes(name) === true ? list : [...(list ?? []), name];
const failed = (rule: string) => ({ failure: { kind: 'input', field: 'list', rule } });

test('a change is read, written and read again', async () => {
  const { editor, list, log } = listWith();
  const done = await editor.change(connection, 'b', adding('ours'));
  expect(done).toEqual({ isWritten: true, after: ['theirs', 'ours'] });
  expect(list()).toEqual(['theirs', 'ours']);
  expect(log).toEqual(['read', 'write', 'read']);
});

test('nothing is written where nothing changes', async () => {
  const { editor, log } = listWith();
  expect(await editor.change(connection, 'b', (list) => list)).toMatchObject({ isWritten: false });
  expect(log).toEqual(['read']);
});

test('changes to one bucket wait for each other, so that none is lost', async () => {
  const { editor, list } = listWith();
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => editor.change(connection, 'b', adding(name))));
  expect(list()).toEqual(['theirs', 'a', 'b', 'c', 'd']);
});

test('a change that someone overwrote is made again on what they wrote', async () => {
  const { editor, list } = listWith((now, request) => (request === 2 ? ['overwritten'] : now));
  await editor.change(connection, 'b', adding('ours'));
  expect(list()).toEqual(['overwritten', 'ours']);
});

test('who is overwritten again and again gives up, and says so', async () => {
  const { editor, log } = listWith((now, request) => (request > 1 && request % 2 === 0 ? ['overwritten'] : now));
  await expect(editor.change(connection, 'b', adding('ours'))).rejects.toMatchObject(failed('changed-meanwhile'));
  expect(log.filter((name) => name === 'write')).toHaveLength(3);
});
