import { beforeEach, describe, expect, test } from 'vitest';
import { settingsPatchSchema } from '../../../../../main/settings.ts';
import type { Settings, SettingsPatch } from '../../../../../main/contract/contract.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { ColumnLayout } from '../../../../../renderer/model/browsing/columns.svelte.ts';
import { SettingsState } from '../../../../../renderer/model/settings.svelte.ts';
import { answering } from '../../answering.ts';
import { makeInfo, settle } from '../../making.ts';

let saved: SettingsPatch[] = [];

beforeEach(() => {
  saved = [];
});

/** Columns in a list of this width; main takes what its schema takes. */
function makeColumns(listWidth = 1000): ColumnLayout {
  const info = makeInfo();
  let current = info.settings;
  const call = answering({
    'settings.set': (patch) => {
      saved.push(settingsPatchSchema.parse(patch));
      current = { ...current, ...patch } as Settings;
      return current;
    },
  });
  const columns = new ColumnLayout(new SettingsState(info, new Messages('en'), call));
  columns.listWidth = listWidth;
  return columns;
}

describe('a column', () => {
  test('is as wide as it is dragged, and saved when it is let go', async () => {
    const columns = makeColumns();
    columns.drag('size', 120.4);
    expect([columns.widthOf('size'), columns.template]).toEqual([120, 'minmax(0, 1fr) 120px 128px 128px 124px']);
    expect(saved).toEqual([]);
    await columns.drop();
    expect(saved).toEqual([{ columns: { widths: { size: 120 }, hidden: [] } }]);
    expect(columns.widthOf('size')).toBe(120);
    await columns.drop();
    expect(saved).toHaveLength(1);
  });

  test.each([
    [-500, 60],
    [59, 60],
    [401, 400],
    [9000, 400],
  ])('dragged to %i pixels is %i wide, which main takes', async (to, width) => {
    const columns = makeColumns();
    columns.drag('modified', to);
    expect(columns.widthOf('modified')).toBe(width);
    await columns.drop();
    expect(saved).toEqual([{ columns: { widths: { modified: width }, hidden: [] } }]);
  });

  test('keeps the widths of the others', async () => {
    const columns = makeColumns();
    columns.drag('size', 100);
    await columns.drop();
    columns.drag('modified', 200);
    await columns.drop();
    expect(saved.at(-1)).toEqual({ columns: { widths: { size: 100, modified: 200 }, hidden: [] } });
  });

  test('is hidden and shown again by choice, and all are as at first once they are reset', async () => {
    const columns = makeColumns();
    columns.toggle('modified');
    await settle();
    expect([columns.isHidden('modified'), columns.shown]).toEqual([true, ['size', 'kind', 'storage-class']]);
    columns.toggle('modified');
    await settle();
    expect(columns.isHidden('modified')).toBe(false);
    columns.toggle('size');
    columns.restore();
    await settle();
    expect(saved.at(-1)).toEqual({ columns: { widths: {}, hidden: [] } });
  });

  test('is hidden though another one was in the same moment', async () => {
    const columns = makeColumns();
    columns.toggle('modified');
    columns.toggle('size');
    await settle();
    expect(columns.shown).toEqual(['kind', 'storage-class']);
  });

  test('that is dragged again before the first width is saved keeps its second', async () => {
    const columns = makeColumns();
    columns.drag('size', 100);
    const first = columns.drop();
    columns.drag('size', 150);
    await first;
    expect(columns.widthOf('size')).toBe(150);
    await columns.drop();
    expect([columns.widthOf('size'), saved.at(-1)]).toEqual([150, { columns: { widths: { size: 150 }, hidden: [] } }]);
  });

  test.each([
    [740, ['size', 'modified', 'kind', 'storage-class']],
    [739, ['size', 'modified', 'kind']],
    [599, ['size', 'modified']],
    [399, ['size']],
  ])('gives way in a list of %i pixels, by its worth', (listWidth, shown) => {
    expect(makeColumns(listWidth).shown).toEqual(shown);
  });
});
