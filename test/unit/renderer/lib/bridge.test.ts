import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Failure, Reply } from '../../../../main/contract/contract.ts';
import { CallFailed, failureOf } from '../../../../renderer/lib/bridge.ts';

const refused: Failure = { kind: 'input', field: 'lock', rule: 'app-locked' };

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Main, answering reports this way; what it got is in `texts`. */
function reportTo(reply: Reply<'app.reportBug'>): { readonly texts: readonly string[] } {
  const texts: string[] = [];
  const call = async (name: string, args: { text: string }): Promise<unknown> => {
    expect(name).toBe('app.reportBug');
    texts.push(args.text);
    return await Promise.resolve(reply);
  };
  vi.stubGlobal('window', { waybill: { call } });
  return { texts };
}

describe('an error', () => {
  test('that main answered is its Failure, and no bug', async () => {
    const { texts } = reportTo({ ok: true, value: { logId: 'abcd1234' } });
    expect(await failureOf(new CallFailed({ kind: 'cancelled' }))).toEqual({ kind: 'cancelled' });
    expect(texts).toEqual([]);
  });

  test('of the page goes to the log with its stack and its causes, and the Failure names the ID there', async () => {
    const { texts } = reportTo({ ok: true, value: { logId: 'abcd1234' } });
    const error = new TypeError('rows is undefined', { cause: new Error('the list was closed') });
    expect(await failureOf(error)).toEqual({ kind: 'bug', logId: 'abcd1234' });
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^TypeError: rows is undefined\n +at .*bridge\.test/);
    expect(texts[0]).toContain('\ncaused by Error: the list was closed');
  });

  test('as long as a file is cut to what the contract takes', async () => {
    const { texts } = reportTo({ ok: true, value: { logId: 'abcd1234' } });
    await failureOf('x'.repeat(1_000_000));
    expect(texts[0]).toHaveLength(4000);
  });

  test.each([
    ['refuses it', { ok: false, failure: refused }],
    ['got too many', { ok: true, value: { logId: null } }],
  ] as const)('names no ID where main %s', async (_, reply) => {
    reportTo(reply);
    expect(await failureOf(new Error('x'))).toEqual({ kind: 'bug', logId: 'none' });
  });
});
