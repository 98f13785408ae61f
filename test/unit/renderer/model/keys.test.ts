import { afterEach, beforeEach, describe, expect, type Mock, test, vi } from 'vitest';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';
import type { App } from '../../../../renderer/model/app.ts';
import { handleCopy, handleKeys, handleMouse, leaveToInputMethod } from '../../../../renderer/model/keys.ts';
import { makeApp } from '../../../../renderer/model/make-app.ts';
import { answering } from '../answering.ts';
import { makeInfo } from '../making.ts';
import { FakeElement, press } from '../pressing.ts';

beforeEach(() => {
  vi.stubGlobal('HTMLElement', FakeElement);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function startApp(platform: NodeJS.Platform = 'linux'): App {
  return makeApp({ ...makeInfo(), platform }, new Messages('en'), answering({}));
}

describe('a chord', () => {
  test('is taken by what is printed on the key, not where it lies', () => {
    const app = startApp();
    expect(press(app, { key: 'k', code: 'KeyV', ctrlKey: true })).toBe(true);
    expect(app.dialogs.current).toEqual({ name: 'palette' });
  });

  test.each([
    ['л', 'Russian'],
    ['κ', 'Greek'],
  ])('works where the key prints another script: Ctrl+%s (%s)', (key) => {
    const app = startApp();
    expect(press(app, { key, code: 'KeyK', ctrlKey: true })).toBe(true);
    expect(app.dialogs.current).toEqual({ name: 'palette' });
  });

  test('of digits and signs works there too', () => {
    const app = startApp();
    const run = vi.spyOn(app.actions, 'run').mockReturnValue();
    press(app, { key: 'б', code: 'Comma', ctrlKey: true });
    press(app, { key: '’', code: 'Minus', ctrlKey: true });
    expect(run.mock.calls).toEqual([['settings'], ['smaller-text']]);
  });

  test('is left alone in a dialog, and where it was taken before', () => {
    const app = startApp();
    app.dialogs.open({ name: 'keys' });
    expect(press(app, { key: 'k', ctrlKey: true })).toBe(false);
    app.dialogs.close();
    const event = { key: 'k', ctrlKey: true, target: new FakeElement(false), preventDefault: vi.fn() };
    handleKeys({ ...event, defaultPrevented: true } as unknown as KeyboardEvent, app);
    expect(event.preventDefault).not.toHaveBeenCalled();
    expect(app.dialogs.current).toBeNull();
  });

  test('that is held down acts once', () => {
    const app = startApp();
    vi.stubGlobal('document', { activeElement: null });
    const undo = vi.spyOn(app.undo, 'undo').mockReturnValue();
    expect(press(app, { key: 'z', ctrlKey: true })).toBe(true);
    expect(press(app, { key: 'z', ctrlKey: true, repeat: true })).toBe(true);
    expect(undo).toHaveBeenCalledOnce();
  });

  test.each([
    ['z', 'undo'],
    ['y', 'redo'],
    ['a', 'select-all'],
  ])('Ctrl+%s is the field’s own in a field', (key, command) => {
    const app = startApp();
    const run = vi.spyOn(app.actions, 'run').mockReturnValue();
    expect(press(app, { key, ctrlKey: true, inField: true })).toBe(false);
    expect(press(app, { key, ctrlKey: true })).toBe(true);
    expect(run.mock.calls).toEqual([[command]]);
  });

  test('Backspace goes up in the list and deletes text in a field', () => {
    const app = startApp();
    const up = vi.spyOn(app.browser, 'up').mockReturnValue();
    expect(press(app, { key: 'Backspace', inField: true })).toBe(false);
    expect(press(app, { key: 'Backspace' })).toBe(true);
    expect(up).toHaveBeenCalledOnce();
  });
});

describe('Undo, Redo and Select all of the application menu', () => {
  const execCommand = vi.fn();
  const focus = (activeElement: FakeElement | null) => vi.stubGlobal('document', { activeElement, execCommand });
  beforeEach(() => {
    execCommand.mockReset();
    focus(null);
  });

  const commands = ['undo', 'redo', 'select-all'] as const;
  const watch = () => {
    const app = startApp();
    const undo = vi.spyOn(app.undo, 'undo').mockReturnValue();
    const all = vi.spyOn(app.browser.selection, 'all').mockReturnValue();
    for (const command of commands) app.actions.run(command);
    return { undone: undo.mock.calls.length, selected: all.mock.calls.length };
  };

  test('are the window’s where no field has the focus', () => {
    expect(watch()).toEqual({ undone: 1, selected: 1 });
    expect(execCommand).not.toHaveBeenCalled();
  });

  test('are about the text of the field that has it', () => {
    focus(new FakeElement(true));
    expect(watch()).toEqual({ undone: 0, selected: 0 });
    expect(execCommand.mock.calls).toEqual([['undo'], ['redo'], ['selectAll']]);
  });

  test('undo nothing behind a dialog', () => {
    const app = startApp();
    const undo = vi.spyOn(app.undo, 'undo').mockReturnValue();
    app.dialogs.open({ name: 'keys' });
    app.actions.run('undo');
    expect(undo).not.toHaveBeenCalled();
  });
});

describe('on a Mac', () => {
  test('the command key is what Ctrl is elsewhere', () => {
    const app = startApp('darwin');
    expect(press(app, { key: 'k', code: 'KeyK', metaKey: true })).toBe(true);
    expect(app.dialogs.current).toEqual({ name: 'palette' });
  });

  test('hiding the window stays the system’s', () => {
    const app = startApp('darwin');
    expect(press(app, { key: 'h', code: 'KeyH', metaKey: true })).toBe(false);
    expect(app.browser.showsVersions).toBe(false);
    expect(press(app, { key: 'h', code: 'KeyH', metaKey: true, shiftKey: true })).toBe(true);
    expect(app.browser.showsVersions).toBe(true);
  });

  test.each([
    ['F1', 'keyboard-help'],
    ['F5', 'refresh'],
  ])('%s does what it does elsewhere (%s): external keyboards have the key', (key, command) => {
    const app = startApp('darwin');
    const run = vi.spyOn(app.actions, 'run').mockReturnValue();
    expect(press(app, { key })).toBe(true);
    expect(run.mock.calls).toEqual([[command]]);
  });

  test('Option with Enter is taken, except in a field', () => {
    expect(press(startApp('darwin'), { key: 'Enter', altKey: true })).toBe(true);
    expect(press(startApp('darwin'), { key: 'Enter', altKey: true, inField: true })).toBe(false);
  });

  test.each(['f', 'n', 'd', 'k', 'h', 'u'])('Control+%s is left to the text fields of the system', (key) => {
    expect(press(startApp('darwin'), { key, ctrlKey: true, inField: true })).toBe(false);
  });

  test('Command with Backspace deletes in the list and is left to fields and to the window', () => {
    expect(press(startApp('darwin'), { key: 'Backspace', metaKey: true, inField: true })).toBe(false);
    expect(press(startApp('darwin'), { key: 'Backspace', metaKey: true })).toBe(false);
  });

  test('Option with an arrow moves by words in a field, and through places elsewhere', () => {
    const app = startApp('darwin');
    const back = vi.spyOn(app.browser, 'back').mockReturnValue();
    expect(press(app, { key: 'ArrowLeft', altKey: true, inField: true })).toBe(false);
    expect(press(app, { key: 'ArrowLeft', altKey: true })).toBe(true);
    expect(back).toHaveBeenCalledOnce();
  });
});

test('elsewhere Ctrl+H shows versions', () => {
  const app = startApp();
  expect(press(app, { key: 'h', code: 'KeyH', ctrlKey: true })).toBe(true);
  expect(app.browser.showsVersions).toBe(true);
});

test('while an input method composes a word, its keys reach nothing else', () => {
  const stopImmediatePropagation = vi.fn();
  const press = (isComposing: boolean) =>
    leaveToInputMethod({ key: 'Escape', isComposing, stopImmediatePropagation } as unknown as KeyboardEvent);
  press(false);
  expect(stopImmediatePropagation).not.toHaveBeenCalled();
  press(true);
  expect(stopImmediatePropagation).toHaveBeenCalledOnce();
});

describe('behind a dialog', () => {
  function startWithDialog(): { readonly app: App; readonly back: Mock } {
    const app = startApp();
    const back = vi.spyOn(app.browser, 'back').mockReturnValue();
    app.dialogs.open({ name: 'keys' });
    return { app, back };
  }

  test('no key of the window does anything', () => {
    const { app } = startWithDialog();
    const run = vi.spyOn(app.actions, 'run').mockReturnValue();
    for (const key of ['u', 'n', 'f', 'l', 'r', 'j', ',', '0']) expect(press(app, { key, ctrlKey: true })).toBe(false);
    for (const key of ['F1', 'F2', 'F5', 'Backspace']) expect(press(app, { key })).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });

  test('the side buttons of the mouse lead nowhere', () => {
    const { app, back } = startWithDialog();
    const event = { button: 3, preventDefault: vi.fn() } as unknown as MouseEvent;
    handleMouse(event, app);
    expect(back).not.toHaveBeenCalled();
    app.dialogs.close();
    handleMouse(event, app);
    expect(back).toHaveBeenCalledOnce();
  });

  test('what is copied is the text there, not the rows of the list', () => {
    vi.stubGlobal('window', { getSelection: () => null });
    const { app } = startWithDialog();
    const hold = vi.spyOn(app.moving, 'hold').mockReturnValue('oss://photos/a');
    const setData = vi.fn();
    const target = new FakeElement(false);
    const event = {
      type: 'copy',
      target,
      clipboardData: { setData },
      preventDefault: vi.fn(),
    } as unknown as ClipboardEvent;
    handleCopy(event, app);
    expect([hold.mock.calls, setData.mock.calls]).toEqual([[], []]);
    app.dialogs.close();
    handleCopy(event, app);
    expect(setData).toHaveBeenCalledExactlyOnceWith('text/plain', 'oss://photos/a');
  });
});
