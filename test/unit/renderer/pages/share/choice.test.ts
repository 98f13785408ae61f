import { describe, expect, test } from 'vitest';
import { Choice } from '../../../../../renderer/pages/share/choice.ts';
import { readShare, type SharedFile } from '../../../../../renderer/pages/share/share-data.ts';

type Listed = readonly [path: string, sizeBytes?: number | null, modifiedAt?: number | null];

function filesOf(...listed: readonly Listed[]) {
  const objects = listed.map(([path, sizeBytes = 1, modifiedAt = 1]) => ({
    ...{ path, sizeBytes, modifiedAt, crc64: null, versionId: null, url: [], thumbnail: null },
  }));
  const head = { title: null, validUntil: '2026-12-01T00:00:00Z', endsEarlier: false, texts: [] };
  return readShare(JSON.stringify({ ...head, objects })).share.files;
}

const paths = (files: readonly SharedFile[]) => files.map(({ folder, name }) => folder + name);
const choiceOf = (...listed: readonly Listed[]) => new Choice(filesOf(...listed), 'en');

describe('the list of a share page', () => {
  test('begins with the files at the top, numbers in their order', () => {
    const choice = choiceOf(['b/2.txt'], ['10.txt'], ['a/z/1.txt'], ['9.txt'], ['a/1.txt']);
    expect(paths(choice.shown)).toEqual(['9.txt', '10.txt', 'a/1.txt', 'a/z/1.txt', 'b/2.txt']);
  });

  test('is sorted by size and date with the largest and the newest first, what is unknown last', () => {
    const choice = choiceOf(['small', 1, 3], ['large', 9, 1], ['unknown', null, null], ['also small', 1, 2]);
    choice.sortBy('size');
    expect(paths(choice.shown)).toEqual(['large', 'also small', 'small', 'unknown']);
    choice.sortBy('size');
    expect(paths(choice.shown)).toEqual(['unknown', 'also small', 'small', 'large']);
    choice.sortBy('modified');
    expect(paths(choice.shown)).toEqual(['small', 'also small', 'large', 'unknown']);
    expect(choice.sort).toEqual({ key: 'modified', descending: true });
  });

  test('shows files whose path holds all words of the search, in any order and case', () => {
    const choice = choiceOf(['Photos/Pier 4.jpg'], ['photos/crane.jpg'], ['pier.txt']);
    choice.search('  PIER photos ');
    expect(paths(choice.shown)).toEqual(['Photos/Pier 4.jpg']);
    choice.search('');
    expect(choice.shown).toHaveLength(3);
  });
});

describe('commands are for', () => {
  test('everything that is shown if nothing is chosen', () => {
    const choice = choiceOf(['a.jpg'], ['b.txt'], ['c.jpg']);
    choice.search('jpg');
    expect(paths(choice.wanted)).toEqual(['a.jpg', 'c.jpg']);
  });

  test('what is chosen, though a search hides it', () => {
    const choice = choiceOf(['a.jpg'], ['b.txt'], ['c.jpg']);
    choice.search('b');
    choice.chooseShown(true);
    choice.search('jpg');
    expect(paths(choice.wanted)).toEqual(['b.txt']);
    expect(choice.state).toBe('none');
    choice.chooseShown(true);
    expect(paths(choice.wanted)).toEqual(['a.jpg', 'b.txt', 'c.jpg']);
    expect(choice.state).toBe('all');
  });

  test('a range that was chosen with the Shift key, as it stands in the list', () => {
    const choice = choiceOf(['a'], ['b'], ['c'], ['d']);
    const at = (place: number) => choice.shown[place] as SharedFile;
    choice.choose(at(2), true);
    choice.choose(at(0), true, true);
    expect(paths(choice.wanted)).toEqual(['a', 'b', 'c']);
    choice.choose(at(1), false);
    expect(choice.state).toBe('some');
    expect(choice.count).toBe(2);
  });
});
