import { expect, test } from 'vitest';
import { defaultSettings, settingsPatchSchema, settingsSchema } from '../../../main/settings.ts';

test('settings of an older version gain what it did not know yet', () => {
  expect(settingsSchema.parse({ version: 1, theme: 'dark' })).toEqual({ ...defaultSettings, theme: 'dark' });
});

test.each([
  { bookmarks: Float32Array.from([0]) },
  { columns: { widths: Float32Array.from([40]), hidden: [] } },
  { columns: { widths: {}, hidden: Uint8Array.from([1]) } },
  { recentPlaces: [{ accountId: 'mine', bucket: 'photos', prefix: '' }] },
  { theme: 'purple' },
  { unknown: true },
])('%j is refused and nothing is thrown', (patch) => {
  expect(settingsPatchSchema.safeParse(patch).success).toBe(false);
});
