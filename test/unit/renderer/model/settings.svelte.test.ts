import { describe, expect, test } from 'vitest';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';
import { SettingsState } from '../../../../renderer/model/settings.svelte.ts';
import { answering } from '../answering.ts';
import { makeInfo } from '../making.ts';

function makeSettings() {
  const info = makeInfo();
  const messages = new Messages('en');
  const call = answering({ 'settings.set': (patch) => ({ ...info.settings, ...(patch as object) }) });
  return { settings: new SettingsState(info, messages, call), messages };
}

test('a change of the language changes the words at once', async () => {
  const { settings, messages } = makeSettings();
  await settings.set({ locale: 'zh-CN' });
  expect(messages.text('common.cancel')).toBe('取消');
});

test('the language of the system is that of the system', async () => {
  const { settings, messages } = makeSettings();
  await settings.set({ locale: 'system' });
  expect(messages.locale).toBe('zh-CN');
});

test('downloads go to the folder of the system until another is chosen', async () => {
  const { settings } = makeSettings();
  expect(settings.downloadFolder).toBe('/home/li/Downloads');
  await settings.set({ downloadFolder: '/data' });
  expect(settings.downloadFolder).toBe('/data');
});

test('a panel opens and closes at once, whenever main answers', async () => {
  const { settings } = makeSettings();
  const opened = settings.set({ transfersOpen: true });
  expect(settings.current.transfersOpen).toBe(true);
  const closed = settings.set({ transfersOpen: false });
  expect(settings.current.transfersOpen).toBe(false);
  await Promise.all([opened, closed]);
  expect(settings.current.transfersOpen).toBe(false);
});

describe('another window', () => {
  const info = makeInfo();

  test('changes what all windows share, and not the panels that are open here', async () => {
    const { settings, messages } = makeSettings();
    await settings.set({ transfersOpen: true, inspectorOpen: true });
    settings.follow({ ...info.settings, locale: 'zh-CN', transfersOpen: false, inspectorOpen: false });
    expect([settings.current.transfersOpen, settings.current.inspectorOpen]).toEqual([true, true]);
    expect([settings.current.locale, messages.locale]).toEqual(['zh-CN', 'zh-CN']);
  });

  test('does not open or close panels with an answer to a setting of this one', async () => {
    const answer = { ...info.settings, transfersOpen: true, inspectorOpen: true };
    const settings = new SettingsState(info, new Messages('en'), answering({ 'settings.set': () => answer }));
    await settings.set({ theme: 'dark' });
    expect([settings.current.transfersOpen, settings.current.inspectorOpen]).toEqual([false, false]);
    await settings.set({ inspectorOpen: true });
    expect([settings.current.transfersOpen, settings.current.inspectorOpen]).toEqual([false, true]);
  });
});
