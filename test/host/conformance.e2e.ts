// What the page, the preload and IPC must do, in Electron as in the stand-in.
import { expect } from 'playwright/test';
import { type FixtureBridge, sharedTest as test, takeLog } from './launch-fixture.ts';

declare const fixture: FixtureBridge;

test.describe('isolation', () => {
  test('the preload runs before any script of the page', async ({ page }) => {
    expect(await page.evaluate(() => fixture.atStart)).toEqual({ scripts: 0, readyState: 'loading' });
  });

  test('the page sees what the preload exposes and nothing else of Node or Electron', async ({ page }) => {
    const seen = await page.evaluate(() =>
      Object.getOwnPropertyNames(window).filter((name) =>
        /electron|ipc|fixture|^(require|process|module|global|Buffer)$/i.test(name),
      ),
    );
    expect(seen).toEqual(['fixture']);
  });

  test('the page cannot change what the preload exposed', async ({ page }) => {
    const frozen = await page.evaluate(() => {
      const before = fixture.invoke;
      Reflect.set(fixture, 'invoke', () => 'mine');
      Reflect.set(window, 'fixture', {});
      return fixture.invoke === before && Object.isFrozen(fixture.nested.list);
    });
    expect(frozen).toBe(true);
  });

  test('a frame inside the page gets nothing', async ({ page }) => {
    const type = await page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      return typeof (frame.contentWindow as unknown as { fixture: unknown }).fixture;
    });
    expect(type).toBe('undefined');
  });

  test('the CSP that main adds blocks an inline script', async ({ page }) => {
    const blocked = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
          const script = document.createElement('script');
          script.textContent = 'window.ran = true';
          document.head.append(script);
        }),
    );
    expect(blocked).toBe('script-src-elem');
    expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  });

  test('the CSP keeps the page from other hosts', async ({ page }) => {
    const error = await page.evaluate(() => fetch('https://example.com/').then(() => 'fetched', String));
    expect(error).toContain('TypeError');
  });

  test('a permission that main refuses is denied', async ({ page }) => {
    const state = await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state);
    expect(state).toBe('denied');
  });
});

test.describe('contextBridge', () => {
  test('a call to the preload returns at once', async ({ page }) => {
    expect(await page.evaluate(() => fixture.nested.list[0]?.deep())).toBe('reached');
  });

  test('the preload can call a function of the page', async ({ page }) => {
    expect(await page.evaluate(() => fixture.callBack((value) => value * 2))).toBe(42);
  });

  test('what the preload throws is thrown in the page', async ({ page }) => {
    const message = await page.evaluate(() => {
      try {
        fixture.fail();
        return 'nothing thrown';
      } catch (error) {
        return error instanceof Error && error.message;
      }
    });
    expect(message).toBe('from the preload');
  });

  test('values that can be cloned come back equal', async ({ page }) => {
    const same = await page.evaluate(() => {
      const value = fixture.same({
        big: 2n ** 70n,
        at: new Date(5),
        bytes: new Uint8Array([1, 2]),
        map: new Map([[1, 2]]),
      });
      return value.big === 2n ** 70n && value.at.getTime() === 5 && value.bytes[1] === 2 && value.map.get(1) === 2;
    });
    expect(same).toBe(true);
  });

  test('what can not be cloned is refused', async ({ page }) => {
    const message = await page.evaluate(() => {
      try {
        fixture.same(document.body);
        return 'nothing thrown';
      } catch (error) {
        return error instanceof Error && error.message;
      }
    });
    expect(message).toContain('could not be cloned');
  });
});

test.describe('ipc', () => {
  const kinds = {
    BigInt: () => 2n ** 70n,
    Date: () => new Date(5),
    Map: () => new Map([['key', 1]]),
    Set: () => new Set([1]),
    RegExp: () => /x/g,
    Uint8Array: () => new Uint8Array([1, 2]),
    Float64Array: () => new Float64Array(2),
    ArrayBuffer: () => new ArrayBuffer(3),
    Error: () => new TypeError('t'),
    Undefined: () => undefined,
    Null: () => null,
  };

  for (const [kind, make] of Object.entries(kinds)) {
    test(`in main, ${kind} is what it was in the page`, async ({ page }) => {
      const described = await page.evaluate(`fixture.invoke('describe', (${make.toString()})())`);
      expect(described).toBe(`[object ${kind}]`);
    });
  }

  test('a value comes back from main equal', async ({ page }) => {
    const echoed = await page.evaluate(async () => {
      const map = new Map([['key', new Set([1n])]]);
      const lone = 'a\ud800';
      const list = [1, 'two', null, undefined, Number.NaN, -0, 2n ** 70n, new Date(5)];
      const value = await fixture.invoke<{ map: typeof map; lone: string; list: unknown[] }>('echo', {
        map,
        lone,
        list,
      });
      return { list: value.list, isLone: value.lone === lone, hasInner: value.map.get('key')?.has(1n) };
    });
    const list = [1, 'two', null, undefined, Number.NaN, -0, 2n ** 70n, new Date(5)];
    expect(echoed).toEqual({ list, isLone: true, hasInner: true });
  });

  test('a cycle survives', async ({ page }) => {
    const isCycle = await page.evaluate(async () => {
      const value: { self?: unknown } = {};
      value.self = value;
      const echoed = await fixture.invoke<typeof value>('echo', value);
      return echoed.self === echoed;
    });
    expect(isCycle).toBe(true);
  });

  test('an error of a handler arrives as its message, with nothing of its own', async ({ page }) => {
    const error = await page.evaluate(() =>
      fixture.invoke('fail').catch((reason: unknown) => {
        const { name, message } = reason as Error;
        return { name, message, keys: Object.keys(reason as Error) };
      }),
    );
    const message = "Error invoking remote method 'fail': RangeError: boom";
    expect(error).toEqual({ name: 'Error', message, keys: [] });
  });

  test('a channel without a handler is refused', async ({ page }) => {
    const message = await page.evaluate(() => fixture.invoke('nobody').catch(String));
    expect(message).toContain("No handler registered for 'nobody'");
  });

  test('main is told which frame of which window sent a message', async ({ page }) => {
    expect(await page.evaluate(() => fixture.invoke('sender'))).toEqual({
      url: 'app://fixture/index.html',
      origin: 'app://fixture',
      parent: null,
      isWindow: true,
    });
  });

  test('a message sent one way arrives', async ({ app, page }) => {
    await page.evaluate(() => fixture.send('note', 'hello'));
    await expect.poll(() => takeLog(app)).toContain('note hello');
  });

  test('events of main arrive complete and in order, and no more after off', async ({ page }) => {
    const seen = await page.evaluate(async () => {
      const all: number[] = [];
      const off = fixture.on('tick', (index) => all.push(index));
      await fixture.invoke('burst', 2_000);
      off();
      await fixture.invoke('burst', 5);
      return { inOrder: all.every((value, index) => value === index), count: all.length };
    });
    expect(seen).toEqual({ inOrder: true, count: 2_000 });
  });

  test('many calls at once each get their own answer', async ({ page }) => {
    const right = await page.evaluate(async () => {
      const answers = await Promise.all(Array.from({ length: 1_000 }, (_, index) => fixture.invoke('echo', index)));
      return answers.every((answer, index) => answer === index);
    });
    expect(right).toBe(true);
  });
});

test.describe('protocol.handle', () => {
  test('serves the page, its style sheet and its module', async ({ page }) => {
    await expect(page.getByRole('heading')).toHaveCSS('color', 'rgb(1, 2, 3)');
    await expect(page).toHaveTitle('Fixture');
  });

  test('the page is a secure context with storage of its own', async ({ page }) => {
    const kept = await page.evaluate(() => {
      localStorage.setItem('key', 'value');
      return isSecureContext && localStorage.getItem('key');
    });
    expect(kept).toBe('value');
  });

  test('the handler gets method and body of a request', async ({ page }) => {
    const text = await page.evaluate(async () => (await fetch('/echo', { method: 'POST', body: 'ü' })).text());
    expect(text).toBe('POST ü');
  });

  test('status and headers reach the page', async ({ page }) => {
    const answer = await page.evaluate(async () => {
      const { status, headers } = await fetch('/missing.js');
      return { status, csp: headers.get('content-security-policy')?.slice(0, 18) };
    });
    expect(answer).toEqual({ status: 404, csp: "default-src 'none'" });
  });

  test('a handler that throws makes a network error', async ({ page }) => {
    expect(await page.evaluate(() => fetch('/broken').then(() => 'fetched', String))).toContain('TypeError');
  });
});

test.describe('navigation', () => {
  test('main can stop a link that leads away', async ({ app, page }) => {
    await page.getByText('away').click();
    await expect.poll(() => takeLog(app)).toContain('will-navigate https://example.com/away');
    await expect(page.getByText('ready')).toBeVisible();
  });

  test('main decides on a link that opens a window', async ({ app, page }) => {
    await page.getByText('outside').click();
    await expect.poll(() => takeLog(app)).toContain('window-open https://example.com/');
    expect(app.windows()).toHaveLength(1);
  });

  test('a reload runs the preload again', async ({ page }) => {
    await page.reload();
    await page.getByText('ready').waitFor();
    expect(await page.evaluate(() => fixture.invoke('echo', 'again'))).toBe('again');
  });
});
