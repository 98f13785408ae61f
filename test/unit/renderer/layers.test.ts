import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';

/** What each folder imports; the import check says the same, but sees no type that a component imports. */
const below: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  shared: ['lib'],
  model: ['lib'],
  grid: ['lib', 'shared', 'model'],
  commands: ['lib', 'shared', 'model', 'grid'],
  parts: ['lib', 'shared', 'model', 'grid'],
};
const anyScreen = ['lib', 'shared', 'model', 'grid', 'commands', 'parts'];

const root = join(import.meta.dirname, '../../../renderer');

/** The folder whose imports are checked: a screen, or the first folder of the path. */
function layerOf(path: string): string {
  return /^(?:screens\/[^/]+|[^/]+)(?=\/)/.exec(path)?.[0] ?? '';
}

test('components import only from the layers below theirs, types included', () => {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const components = names.filter((name) => name.endsWith('.svelte') && layerOf(name) !== '');
  const wrong = components.flatMap((name) => {
    const layer = layerOf(name);
    const allowed = [layer, ...(below[layer] ?? anyScreen)];
    const source = readFileSync(join(root, name), 'utf8');
    const paths = [...source.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
      posix.join(posix.dirname(name), path),
    );
    return paths
      .filter((path) => !path.startsWith('..') && !allowed.includes(layerOf(path)))
      .map((path) => `${name} → ${path}`);
  });
  expect(components.length).toBeGreaterThan(150);
  expect(wrong).toEqual([]);
});
