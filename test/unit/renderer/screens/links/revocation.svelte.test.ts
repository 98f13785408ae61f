import { describe, expect, test } from 'vitest';
import type { Ending } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Revocation } from '../../../../../renderer/screens/links/revocation.svelte.ts';
import { makeGate, settle } from '../../making.ts';

const item = { id: 'one' };

/** A revocation whose answers the test gives. */
function makeRevocation() {
  const [end, undoEnd] = [makeGate<Ending>(), makeGate<null>()];
  const asked: string[] = [];
  const revocation = new Revocation(item, {
    end: (id) => {
      asked.push(`end ${id}`);
      return end.answer;
    },
    undoEnd: (id) => {
      asked.push(`undo ${id}`);
      return undoEnd.answer.then(() => undefined);
    },
  });
  return { revocation, asked, end, undoEnd };
}

describe('revoking an entry', () => {
  test('says that it waits for OSS once the policy is changed, and that it is over only when OSS refuses', async () => {
    const { revocation, end } = makeRevocation();
    const done = revocation.end();
    expect([revocation.busy, revocation.isWaiting, revocation.isOver]).toEqual([true, false, false]);
    revocation.waits('another');
    expect(revocation.isWaiting).toBe(false);
    revocation.waits('one');
    expect([revocation.isWaiting, revocation.outcome, revocation.isOver]).toEqual([true, null, false]);
    end.open({ outcome: 'ended' });
    expect(await done).toBe(true);
    expect([revocation.busy, revocation.isWaiting, revocation.isOver]).toEqual([false, false, true]);
  });

  test('what was only denied is not over', async () => {
    for (const outcome of ['denied', 'still-taken'] as const) {
      const { revocation, end } = makeRevocation();
      end.open({ outcome });
      await revocation.end();
      expect([outcome, revocation.isOver]).toEqual([outcome, false]);
    }
  });

  test('is asked for once, however often the button is pressed', async () => {
    const { revocation, asked, end } = makeRevocation();
    const first = revocation.end();
    expect(await revocation.end()).toBe(false);
    expect(await revocation.undo()).toBe(false);
    end.open({ outcome: 'over' });
    await first;
    expect(asked).toEqual(['end one']);
  });

  test('a question that is cancelled leaves everything as it was, and is no failure', async () => {
    const { revocation, end } = makeRevocation();
    end.fail(new CallFailed({ kind: 'cancelled' }));
    expect(await revocation.end()).toBe(false);
    expect([revocation.failure, revocation.outcome, revocation.busy]).toEqual([null, null, false]);
  });

  test('a failure is shown, and gone with the next try', async () => {
    const { revocation, end } = makeRevocation();
    end.fail(new CallFailed({ kind: 'network', reason: 'offline' }));
    await revocation.end();
    expect(revocation.failure).toEqual({ kind: 'network', reason: 'offline' });
    const next = revocation.end();
    expect(revocation.failure).toBeNull();
    await next;
  });

  test('undone, it is neither over nor denied any more', async () => {
    const { revocation, end, undoEnd } = makeRevocation();
    end.open({ outcome: 'ended' });
    await revocation.end();
    const undone = revocation.undo();
    expect([revocation.isOver, revocation.isUndone]).toEqual([true, false]);
    undoEnd.open(null);
    expect(await undone).toBe(true);
    await settle();
    expect([revocation.isOver, revocation.isUndone, revocation.busy]).toEqual([false, true, false]);
  });
});
