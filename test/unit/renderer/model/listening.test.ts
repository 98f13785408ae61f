import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StateTrouble } from '../../../../main/contract/contract.ts';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';
import type { App } from '../../../../renderer/model/app.ts';
import { listenToMain } from '../../../../renderer/model/listening.ts';
import { makeApp } from '../../../../renderer/model/make-app.ts';
import { answering } from '../answering.ts';
import { makeInfo, settle } from '../making.ts';

/** The page's window, with a bridge on which main tells no more than the troubles that it has. */
class FakeWindow extends EventTarget {
  readonly reported: string[] = [];
  troubles: readonly StateTrouble[] = [];
  readonly #listeners = new Map<string, () => void>();
  readonly waybill = {
    on: (name: string, listener: () => void) => {
      this.#listeners.set(name, listener);
      return () => this.#listeners.delete(name);
    },
    call: async (name: string, args: { readonly text?: string }) => {
      if (name === 'app.reportBug') this.reported.push(args.text ?? '');
      const values: Readonly<Record<string, unknown>> = {
        'app.reportBug': { logId: 'abcd1234' },
        'links.takeHanded': null,
        'app.takeTroubles': this.troubles,
      };
      if (name === 'app.takeTroubles') this.troubles = [];
      return await Promise.resolve({ ok: true, value: values[name] ?? null });
    },
  };

  /** A trouble that main has found, and its event, which reaches only who listens already. */
  addTrouble(trouble: StateTrouble): void {
    this.troubles = [...this.troubles, trouble];
    this.#listeners.get('app.trouble')?.();
  }
}

let page = new FakeWindow();
let app: App;

beforeEach(() => {
  page = new FakeWindow();
  vi.stubGlobal('window', page);
  const nothing = {
    'deletions.list': () => [],
    'objects.held': () => null,
    'transfers.list': () => [],
    'editing.list': () => [],
  };
  app = makeApp(makeInfo(), new Messages('en'), answering(nothing));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function shown(): readonly (string | null)[] {
  return [...app.news.board.items.values()].map(({ description }) => description);
}

describe('an uncaught error of the page', () => {
  test.each([
    ['in an event', (error: unknown) => Object.assign(new Event('error'), { error })],
    ['in a promise', (reason: unknown) => Object.assign(new Event('unhandledrejection'), { reason })],
  ])('%s reaches the log, and the window says where it is there', async (_, eventOf) => {
    const stop = listenToMain(app);
    page.dispatchEvent(eventOf(new TypeError('rows is undefined')));
    await settle();
    stop();
    expect(page.reported.map((text) => text.split('\n')[0])).toEqual(['TypeError: rows is undefined']);
    expect(shown()).toEqual([expect.stringContaining('abcd1234')]);
  });

  test('is no longer followed once the window’s app is gone', async () => {
    listenToMain(app)();
    page.dispatchEvent(Object.assign(new Event('error'), { error: new Error('late') }));
    await settle();
    expect(page.reported).toEqual([]);
  });

  test('is no remark of the browser’s, which comes without an error', async () => {
    const stop = listenToMain(app);
    page.dispatchEvent(Object.assign(new Event('error'), { error: null, message: 'ResizeObserver loop completed' }));
    await settle();
    stop();
    expect(page.reported).toEqual([]);
    expect(shown()).toEqual([]);
  });
});

test('a trouble is told whether it was there before the window listened or came later, and once', async () => {
  page.addTrouble({ file: 'links', kind: 'unsaved', path: '/before' });
  const stop = listenToMain(app);
  await settle();
  page.addTrouble({ file: 'transfers', kind: 'unsaved', path: '/after' });
  await settle();
  stop();
  expect(shown()).toEqual([expect.stringContaining('/before'), expect.stringContaining('/after')]);
  listenToMain(app)();
  await settle();
  expect(shown()).toHaveLength(2);
});
