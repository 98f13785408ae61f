import { describe, expect, test } from 'vitest';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';
import { matchWords } from '../../../../renderer/lib/word-match.ts';
import { paletteGroups } from '../../../../renderer/commands/palette-items.ts';
import { makeApp } from '../../../../renderer/model/make-app.ts';
import { answering } from '../answering.ts';
import { makeAccount, makeInfo, makePage } from '../making.ts';

describe('the palette', () => {
  test('tells one address of two accounts apart, and opens each with its own', () => {
    const [one, other] = [makeAccount({ colour: 'blue' }), makeAccount({ colour: 'red' })];
    const bookmarks = [one, other].map(({ id }) => ({ accountId: id, bucket: 'photos', prefix: '' }));
    const main = answering({ 'buckets.list': () => [], 'objects.list': () => makePage([]) });
    const app = makeApp(makeInfo({ bookmarks }), new Messages('en'), main);
    app.accounts.apply([one, other]);
    const places = paletteGroups(app).at(-1)?.items ?? [];
    expect(places.map(({ label, dot }) => [label, dot])).toEqual([
      ['oss://photos/', 'blue'],
      ['oss://photos/', 'red'],
    ]);
    expect(new Set(places.map(({ id }) => id)).size).toBe(2);
    places[1]?.onselect();
    expect(app.browser.place?.accountId).toBe(other.id);
  });

  test.each([
    ['en', 'dark', 'Appearance: Dark'],
    ['zh-CN', '深色', '外观：深色'],
  ] as const)('finds the dark theme first, in %s', (locale, typed, expected) => {
    const settings: unknown[] = [];
    const main = answering({
      'settings.set': (patch) => {
        settings.push(patch);
        return makeInfo().settings;
      },
    });
    const app = makeApp(makeInfo(), new Messages(locale), main);
    const [best] = paletteGroups(app)
      .flatMap(({ items }) => items)
      .toSorted((one, other) => matchWords(typed, other.label) - matchWords(typed, one.label));
    expect(best?.label).toBe(expected);
    best?.onselect();
    expect(settings).toEqual([{ theme: 'dark' }]);
  });

  test('has one ID for each command', () => {
    const app = makeApp(makeInfo(), new Messages('en'), answering({}));
    const ids = paletteGroups(app).flatMap(({ items }) => items.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
