import { describe, expect, test } from 'vitest';
import type { Results } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { DeleteQuestion } from '../../../../../renderer/screens/deleting/delete-question.svelte.ts';
import { answering } from '../../answering.ts';
import { makeGate, settle } from '../../making.ts';

type Page = Results['objects.measure'];

const subject = { accountId: 'a', bucket: 'photos', keys: ['x', 'y'], prefixes: ['one/', 'two/'] };

describe('before a deletion', () => {
  test('all that is in the folders is counted, and whether the bucket keeps versions', async () => {
    const asked: string[] = [];
    const main = answering({
      'buckets.versioning': () => 'suspended',
      'objects.measure': ({ prefix, pageToken }) => {
        asked.push(`${prefix} ${pageToken}`);
        return { objects: 3, sizeBytes: 1, nextPageToken: pageToken === null && prefix === 'one/' ? 'more' : null };
      },
    });
    const question = new DeleteQuestion(subject, main);
    expect([question.total, question.counting, question.versioning]).toEqual([null, 'running', null]);
    await settle();
    expect(asked).toEqual(['one/ null', 'one/ more', 'two/ null']);
    expect([question.inside, question.total, question.counting]).toEqual([9, 11, 'done']);
    expect(question.versioning).toBe('suspended');
  });

  test('files alone need no counting', async () => {
    const main = answering({ 'buckets.versioning': () => 'never' });
    const question = new DeleteQuestion({ ...subject, prefixes: [] }, main);
    await settle();
    expect([question.total, question.counting]).toEqual([2, 'done']);
  });

  test('no total is told where counting fails, though a part is known', async () => {
    let pages = 0;
    const main = answering({
      'buckets.versioning': () => 'enabled',
      'objects.measure': () => {
        pages += 1;
        if (pages === 2) throw new CallFailed({ kind: 'network', reason: 'reset' });
        return { objects: 3, sizeBytes: 1, nextPageToken: null };
      },
    });
    const question = new DeleteQuestion(subject, main);
    await settle();
    expect([question.inside, question.total, question.counting]).toEqual([3, null, 'failed']);
    expect(question.versioning).toBe('enabled');
  });

  test('the question can be asked without the right to read the versioning', async () => {
    const question = new DeleteQuestion({ ...subject, prefixes: [] }, answering({}));
    await settle();
    expect([question.versioning, question.total]).toEqual([null, 2]);
  });

  test('counting ends once the question is answered', async () => {
    const pages: ReturnType<typeof makeGate<Page>>[] = [];
    const main = answering({
      'buckets.versioning': () => 'never',
      'objects.measure': () => {
        const page = makeGate<Page>();
        pages.push(page);
        return page.answer;
      },
    });
    const question = new DeleteQuestion(subject, main);
    question.close();
    pages[0]?.open({ objects: 3, sizeBytes: 1, nextPageToken: 'more' });
    await settle();
    expect([pages.length, question.inside, question.total]).toEqual([1, 0, null]);
  });
});
