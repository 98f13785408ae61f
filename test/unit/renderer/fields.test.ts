import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AST, parse } from 'svelte/compiler';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../renderer');
const components = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.svelte$/.test(name));

/** Every element below a node of Svelte's syntax tree. */
function elementsIn(node: unknown): AST.RegularElement[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(elementsIn);
  return 'type' in node && node.type === 'RegularElement' ? [node as AST.RegularElement, ...below] : below;
}

/** The text of an attribute; null for one that isn't there, empty for one that is computed. */
function attributeOf({ attributes }: AST.RegularElement, name: string): string | null {
  const found = attributes.find((one): one is AST.Attribute => one.type === 'Attribute' && one.name === name);
  if (found === undefined) return null;
  const [part] = Array.isArray(found.value) ? found.value : [];
  return part?.type === 'Text' ? part.data : '';
}

test('no field leaves what it holds to Chromium, which would write it into files of the profile', () => {
  const kept = components.flatMap((name) => {
    const { fragment } = parse(readFileSync(join(folder, name), 'utf8'), { modern: true });
    return elementsIn(fragment)
      .filter((element) => element.name === 'textarea' || element.name === 'input')
      .filter((element) => !['checkbox', 'radio', 'hidden'].includes(attributeOf(element, 'type') ?? ''))
      .filter((element) => attributeOf(element, 'autocomplete') !== 'off')
      .map((element) => `${name}: ${element.name}`);
  });
  expect(kept).toEqual([]);
});
