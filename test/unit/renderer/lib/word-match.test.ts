import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchWords } from '../../../../renderer/lib/word-match.ts';

/** The labels that answer, the best one first. */
const ranked = (search: string, labels: readonly string[]) =>
  labels
    .map((label) => ({ label, score: matchWords(search, label) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .map(({ label }) => label);

describe('matching words', () => {
  test('never takes scattered letters for a word', () => {
    expect(ranked('dark', ['Bookmark this place', 'Add bookmark', 'Search all buckets', 'Appearance: Dark'])).toEqual([
      'Appearance: Dark',
    ]);
  });

  test.each([
    [
      'new',
      ['Renew credentials', 'New folder', 'Create new folder'],
      ['New folder', 'Create new folder', 'Renew credentials'],
    ],
    ['up', ['Backup', 'oss://b/up/', 'Upload'], ['Upload', 'oss://b/up/', 'Backup']],
    ['plan', ['floorplan', 'old_plan.pdf', 'plan.pdf'], ['plan.pdf', 'old_plan.pdf', 'floorplan']],
    ['fold up', ['Upload folder', 'Upload files'], ['Upload folder']],
    ['share', ['Share links of the selection', 'Share…'], ['Share…', 'Share links of the selection']],
  ])('ranks starts of words first: %s', (search, labels, expected) => {
    expect(ranked(search, labels)).toEqual(expected);
  });

  test.each([
    ['文件夹', ['新建文件夹…', '文件夹大小', '删除'], ['文件夹大小', '新建文件夹…']],
    // 件夹 starts no word of Chinese.
    ['件夹', ['文件夹', '新建文件夹'], ['文件夹', '新建文件夹']],
    ['深色', ['外观：浅色', '外观：深色'], ['外观：深色']],
    ['链接', ['打开链接', '链接', '复制分享链接'], ['链接', '打开链接', '复制分享链接']],
    ['上传 文件', ['上传文件夹', '上传文件', '下载文件'], ['上传文件', '上传文件夹']],
    // Full-width letters, as an input method may leave them.
    ['ｗａｙ', ['锁定 Waybill', '设置'], ['锁定 Waybill']],
  ])('finds Chinese words, which no spaces part: %s', (search, labels, expected) => {
    expect(ranked(search, labels)).toEqual(expected);
  });

  test('counts a word about the label less than one in it', () => {
    expect(matchWords('places', 'Settings', 'Places')).toBeGreaterThan(0);
    expect(matchWords('places', 'Settings', 'Places')).toBeLessThan(matchWords('laces', 'Places'));
    expect(matchWords('places', 'Settings')).toBe(0);
  });

  test('answers only with labels that hold each word of the search', () => {
    const words = fc.stringMatching(/^[a-z文件夹新建]{1,4}$/u);
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 3 }),
        fc.array(words, { maxLength: 5 }),
        (search, label) => {
          const all = label.join(' ');
          const holds = search.every((word) => all.includes(word));
          expect(matchWords(search.join(' '), all) > 0).toBe(holds);
        },
      ),
    );
  });

  test('says nothing of an empty search', () => {
    expect(matchWords('  ', 'Settings')).toBe(0);
  });
});
