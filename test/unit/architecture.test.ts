import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const map = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const folders = ['main', 'preload', 'renderer'].flatMap((folder) => [folder, ...foldersIn(folder)]);

describe('docs/architecture.md', () => {
  test('names every folder, and no other', () => {
    expect(mappedFolders().toSorted()).toEqual(folders.toSorted());
  });

  test.each([...map.matchAll(/`((?:main|preload|renderer|test)\/[\w./-]+)`/g)].map(([, path = '']) => path))(
    '%s exists',
    (path) => {
      expect(existsSync(join(root, path))).toBe(true);
    },
  );
});

test.each(folders)('%s holds at most 24 source files', (folder) => {
  const sources = readdirSync(join(root, folder)).filter((name) => /\.(ts|svelte)$/.test(name));
  expect(sources.length).toBeLessThanOrEqual(24);
});

function foldersIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [`${folder}/${name}`, ...foldersIn(`${folder}/${name}`)]);
}

/** The tree of the map: two blanks a level, each folder with a line about it. */
function mappedFolders(): readonly string[] {
  const path: string[] = [];
  return [...map.matchAll(/^( *)([\w-]+)\/ {2,}\S/gm)].map(([, indent = '', name = '']) => {
    path.splice(indent.length / 2, Infinity, name);
    return path.join('/');
  });
}
