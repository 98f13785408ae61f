import { describe, expect, test } from 'vitest';
import type {
  ArgsOf,
  LedgerAct,
  LedgerActsPage,
  LedgerItem,
  LedgerPage,
  RecordedLink,
} from '../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../renderer/lib/bridge.ts';
import { entryName, entryTitle, stateAt } from '../../../../renderer/screens/links/entry-text.ts';
import { LinkLedger } from '../../../../renderer/model/ledger.svelte.ts';
import { answering } from '../answering.ts';
import { makeGate, settle } from '../making.ts';

const idOf = (number: number) => `5a0f7d0e-6f0e-4a55-9a9e-${String(number).padStart(12, '0')}`;

function makeItem(number: number, changes: Partial<LedgerItem> = {}): LedgerItem {
  return {
    id: idOf(number),
    madeAt: 1_795_500_000_000,
    accountId: '3b1c9c1e-6f0e-4a55-9a9e-2d3a3f1f6b10',
    accountName: 'Studio',
    what: { kind: 'link', method: 'GET', bucket: 'photos', key: `album/${number}.jpg`, versionId: null },
    signer: { kind: 'key', accessKeyId: 'LTAI5tExample' },
    options: {},
    validUntil: 1_795_549_800_000,
    sessionEndUnknown: false,
    note: '',
    recipient: '',
    urlKept: false,
    goneAt: null,
    renews: null,
    state: 'live',
    ...changes,
  };
}

const noCounts = { live: 0, 'ending-soon': 0, ended: 0, 'target-gone': 0, revoked: 0, denied: 0 };

/** Main's ledger, as far as paging goes. */
function makePages(
  items: readonly LedgerItem[],
): (args: Pick<ArgsOf<'ledger.list'>, 'offset' | 'limit'>) => LedgerPage {
  return ({ offset, limit }) => ({
    items: items.slice(offset, offset + limit),
    total: items.length,
    counts: { ...noCounts, live: items.length },
  });
}

/** What was handed out at once, or an entry alone. */
function makeAct(first: LedgerItem, count = 1): LedgerAct {
  return { id: count === 1 ? first.id : actId, first, count, states: { ...noCounts, live: count } };
}
const actId = '9c0f7d0e-6f0e-4a55-9a9e-000000000001';

/** The acts of entries that were each handed out alone. */
function makeActs(
  items: readonly LedgerItem[],
): (args: Pick<ArgsOf<'ledger.acts'>, 'offset' | 'limit'>) => LedgerActsPage {
  return ({ offset, limit }) => ({
    acts: items.slice(offset, offset + limit).map((item) => makeAct(item)),
    total: items.length,
    counts: { live: items.length, over: 0 },
    accounts: [],
  });
}

function makeMany(count: number): readonly LedgerItem[] {
  return Array.from({ length: count }, (_, number) => makeItem(number));
}

/** Until the calls that were answered at once have come back. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const link: RecordedLink = {
  validUntil: 1_795_600_000_000,
  limitedBy: 'expiry',
  sessionEndUnknown: true,
  ledgerId: idOf(99),
  url: 'https://photos.example/album/1.jpg?a-signed-query',
  noted: null,
  bucket: 'photos',
  key: 'album/1.jpg',
  versionId: null,
  method: 'GET',
  headers: {},
  warnings: [],
};

describe('the list of links', () => {
  test('tells an empty ledger from a search that finds nothing', async () => {
    const ledger = new LinkLedger(answering({ 'ledger.acts': makeActs([]) }));
    expect(ledger.empty).toBe(false);
    await ledger.load();
    expect(ledger.empty).toBe(true);
    ledger.show({ text: 'anna' });
    await settled();
    expect(ledger).toMatchObject({ empty: false, total: 0 });
  });

  test('is fetched page by page, and asked again for as much as is there', async () => {
    const asked: (readonly [offset: number, limit: number])[] = [];
    const pages = makeActs(makeMany(1200));
    const ledger = new LinkLedger(
      answering({
        'ledger.acts': (args) => {
          asked.push([args.offset, args.limit]);
          return pages(args);
        },
      }),
    );
    await ledger.load();
    expect(ledger).toMatchObject({ hasMore: true, total: 1200 });
    await ledger.loadMore();
    await ledger.loadMore();
    await ledger.loadMore();
    expect(ledger.hasMore).toBe(false);
    expect(new Set(ledger.items.map(({ id }) => id)).size).toBe(1200);
    await ledger.load();
    expect(asked).toEqual([
      [0, 500],
      [500, 500],
      [1000, 500],
      [0, 1200],
    ]);
  });

  test('asks main for what is live, and for the words without blanks around them', async () => {
    const asked: ArgsOf<'ledger.acts'>[] = [];
    const ledger = new LinkLedger(
      answering({
        'ledger.acts': (args) => {
          asked.push(args);
          return makeActs([])(args);
        },
      }),
    );
    ledger.show({ scope: 'live' });
    ledger.show({ text: ' anna ' });
    await settled();
    expect(asked.at(-1)).toMatchObject({ text: 'anna', scope: 'live', offset: 0 });
  });

  test('an answer that comes after a newer question is thrown away', async () => {
    const answers = new Map<string, (page: LedgerActsPage) => void>();
    const ledger = new LinkLedger(
      answering({ 'ledger.acts': ({ text }) => new Promise((resolve) => answers.set(text, resolve)) }),
    );
    ledger.show({ text: 'a' });
    ledger.show({ text: 'an' });
    const page = (item: LedgerItem) => makeActs([item])({ offset: 0, limit: 1 });
    answers.get('an')?.(page(makeItem(2)));
    await settled();
    answers.get('a')?.(page(makeItem(1)));
    await settled();
    expect(ledger.items.map(({ id }) => id)).toEqual([idOf(2)]);
  });

  test('counts what is live and what is over', async () => {
    const counts = { live: 8, over: 22 };
    const ledger = new LinkLedger(answering({ 'ledger.acts': () => ({ acts: [], total: 30, counts, accounts: [] }) }));
    await ledger.load();
    expect(ledger.counts).toEqual({ all: 30, live: 8, over: 22 });
  });

  test('a failure is shown, and gone with the next answer', async () => {
    let broken = true;
    const failure = { kind: 'file', path: '/profile/ledger.jsonl', reason: 'denied' } as const;
    const ledger = new LinkLedger(
      answering({
        'ledger.acts': (args) => {
          if (broken) throw new CallFailed(failure);
          return makeActs([makeItem(1)])(args);
        },
      }),
    );
    await ledger.load();
    expect([ledger.loading.failure, ledger.loaded]).toEqual([failure, false]);
    broken = false;
    await ledger.load();
    expect([ledger.loading.failure, ledger.loaded]).toEqual([null, true]);
  });

  test('an entry that was removed is no longer selected', async () => {
    let items = makeMany(2);
    const ledger = new LinkLedger(
      answering({
        'ledger.acts': (args) => makeActs(items)(args),
        'ledger.remove': ({ ids }) => {
          items = items.filter(({ id }) => !ids.includes(id));
          return null;
        },
      }),
    );
    await ledger.load();
    ledger.selection.all();
    await ledger.remove([idOf(0)]);
    expect(ledger.selected.map(({ id }) => id)).toEqual([idOf(1)]);
  });

  test('a note is kept without the blanks around it, and shown at once', async () => {
    const ledger = new LinkLedger(
      answering({ 'ledger.acts': makeActs(makeMany(2)), 'ledger.note': (args) => makeItem(1, args) }),
    );
    await ledger.load();
    await ledger.describe(idOf(1), { note: ' proofs ', recipient: 'Anna ' });
    expect(ledger.items[1]).toMatchObject({ note: 'proofs', recipient: 'Anna' });
    expect(ledger.items[0]).toMatchObject({ note: '', recipient: '' });
  });
});

describe('what is made again', () => {
  const renewing = (noted: string | null, copied: string[]) =>
    new LinkLedger(
      answering({
        'ledger.renew': () => ({ kind: 'link', link: { ...link, noted } }),
        'clipboard.copy': ({ text }) => {
          copied.push(text);
          return null;
        },
      }),
    );

  test('a link is on the clipboard, and its end is told as uncertain where it is', async () => {
    const copied: string[] = [];
    const until = await renewing(null, copied).renew(idOf(1));
    expect(until).toEqual({ kind: 'link', path: null, validUntil: link.validUntil, sessionEndUnknown: true });
    expect(copied).toEqual([link.url]);
  });

  test('a link whose user must send headers is copied with the note that says so', async () => {
    const copied: string[] = [];
    await renewing(`${link.url}#waybill=note`, copied).renew(idOf(1));
    expect(copied).toEqual([`${link.url}#waybill=note`]);
  });

  test('nothing is copied when it could not be made', async () => {
    const copied: string[] = [];
    const ledger = new LinkLedger(
      answering({
        'ledger.renew': () => {
          throw new CallFailed({ kind: 'input', field: 'options', rule: 'not-renewable' });
        },
        'clipboard.copy': ({ text }) => {
          copied.push(text);
          return null;
        },
      }),
    );
    await expect(ledger.renew(idOf(1))).rejects.toThrow(CallFailed);
    expect(copied).toEqual([]);
  });
});

test('a page is saved by main, where nothing is copied; cancelled, nothing is renewed', async () => {
  const until = { validUntil: 1_795_000_000_000, limitedBy: 'expiry', sessionEndUnknown: false } as const;
  const saved = { kind: 'form', path: '/home/lin/drop.html', ...until } as const;
  const answers = [saved, null];
  const ledger = new LinkLedger(answering({ 'ledger.renew': () => answers.shift() ?? null }));
  expect(await ledger.renew(idOf(0))).toEqual(saved);
  expect(await ledger.renew(idOf(0))).toBeNull();
});

test('what is ended is loaded again, since more than one entry may be over', async () => {
  const asked: string[] = [];
  const ledger = new LinkLedger(
    answering({
      'ledger.end': ({ id }) => {
        asked.push(`end ${id}`);
        return { outcome: 'ended' };
      },
      'ledger.undoEnd': ({ id }) => {
        asked.push(`undo ${id}`);
        return makeItem(0);
      },
      'ledger.acts': (args) => {
        asked.push('list');
        return makeActs([])(args);
      },
    }),
  );
  expect(await ledger.end(idOf(0))).toEqual({ outcome: 'ended' });
  await ledger.undoEnd(idOf(0));
  expect(asked).toEqual([`end ${idOf(0)}`, 'list', `undo ${idOf(0)}`, 'list']);
});

test('a revoke plan comes with the entries that it names, whatever the list is filtered by', async () => {
  const items = makeMany(3);
  const plan = {
    id: idOf(0),
    remedies: [
      { remedy: { kind: 'disable-key', accessKeyId: 'LTAI5tExample' }, alsoEnds: [idOf(2)], mayEnd: [] },
    ] as const,
  };
  const ledger = new LinkLedger(
    answering({
      'ledger.list': (args) => makePages(args.text === '' && args.states === null ? items : [])(args),
      'ledger.revokePlan': () => plan,
      'ledger.acts': makeActs([]),
    }),
  );
  ledger.show({ text: 'nothing like it', scope: 'live' });
  const found = await ledger.revokePlan(idOf(0));
  expect(found.plan).toEqual(plan);
  expect(found.entries).toEqual(items);
});

describe('scrolling on', () => {
  test('while a filter is being answered asks for nothing: the filter’s own answer is shown', async () => {
    const filtered = makeGate<LedgerActsPage>();
    const asked: ArgsOf<'ledger.acts'>[] = [];
    const ledger = new LinkLedger(
      answering({
        'ledger.acts': (args) => {
          asked.push(args);
          return args.text === '' ? makeActs(makeMany(1500))(args) : filtered.answer;
        },
      }),
    );
    await ledger.load();
    ledger.show({ text: 'x' });
    await ledger.loadMore();
    filtered.open(makeActs([makeItem(7)])({ ...asked[1], offset: 0, limit: 500 }));
    await settle();
    expect(asked.map(({ text, offset }) => [text, offset])).toEqual([
      ['', 0],
      ['x', 0],
    ]);
    expect(ledger.items.map(({ id }) => id)).toEqual([idOf(7)]);
  });

  test('goes on after the filter was answered, and its answer is dropped where another filter is set', async () => {
    const further = makeGate<LedgerActsPage>();
    const ledger = new LinkLedger(
      answering({
        'ledger.acts': (args) => (args.offset > 0 ? further.answer : makeActs(makeMany(1500))(args)),
      }),
    );
    await ledger.load();
    const more = ledger.loadMore();
    ledger.show({ text: 'x' });
    await settle();
    further.open({
      ...makeActs([])({ offset: 0, limit: 0 }),
      acts: [makeAct(makeItem(9000))],
    });
    await more;
    expect(ledger.items).toHaveLength(500);
  });
});

describe('an entry in words', () => {
  const grant = { kind: 'grant', bucket: 'photos', keys: ['a.jpg'], allow: ['read'], sourceIp: null } as const;
  const grantOf = (prefixes: string[]) =>
    makeItem(1, { what: { ...grant, keys: ['a.jpg'], allow: ['read'], prefixes } });

  test('a grant is named by its first prefix, with the number of the others', () => {
    expect(entryName(grantOf(['2026/', '2025/']))).toEqual({ bucket: 'photos', path: '2026/', others: 2 });
    expect(entryTitle(grantOf(['2026/', '2025/']))).toBe('photos/2026/ +2');
  });

  test('characters that draw nothing are made visible', () => {
    const what = {
      kind: 'link',
      method: 'GET',
      bucket: 'photos',
      key: `a//b${String.fromCodePoint(0x202e)}gpj.exe`,
      versionId: null,
    } as const;
    expect(entryTitle({ what })).toBe('photos/a//b⟨U+202E⟩gpj.exe');
  });

  test('it has ended once its time is over, whatever main said before', () => {
    const item = makeItem(1, { state: 'ending-soon' });
    expect(stateAt(item, item.validUntil - 1)).toBe('ending-soon');
    expect(stateAt(item, item.validUntil)).toBe('ended');
  });
});

describe('acts', () => {
  const batch = { id: actId, format: 'manifest', folder: 'album/' } as const;
  const members = [5, 6, 7].map((number) => makeItem(number, { act: batch }));
  const later = makeItem(8, { madeAt: 1_795_500_000_000 + 3 * 86_400_000 });
  const act = makeAct(members[0] ?? makeItem(5), 3);
  const asked: ArgsOf<'ledger.list'>[] = [];
  const makeLedger = () =>
    new LinkLedger(
      answering({
        'ledger.acts': () => ({
          acts: [makeAct(later), act],
          total: 2,
          counts: { live: 2, over: 0 },
          accounts: [{ id: later.accountId, name: 'Studio' }],
        }),
        'ledger.list': (args) => {
          asked.push(args);
          return makePages(members)(args);
        },
      }),
    );
  const shapeOf = ({ rows }: LinkLedger) => rows.map((row) => (row.kind === 'heading' ? 'heading' : row.id));

  test('are rows under the heading of their day, which open to their entries and close again', async () => {
    const ledger = makeLedger();
    await ledger.load();
    expect(shapeOf(ledger)).toEqual(['heading', later.id, 'heading', actId]);
    await ledger.open(actId);
    expect(shapeOf(ledger)).toEqual(['heading', later.id, 'heading', actId, ...members.map(({ id }) => id)]);
    expect(asked.at(-1)).toMatchObject({ act: actId, text: '' });
    ledger.selection.select(idOf(6));
    ledger.close(actId);
    expect(shapeOf(ledger)).toEqual(['heading', later.id, 'heading', actId]);
    expect(ledger.selected).toEqual([]);
  });

  test('the keyboard passes over headings, and everything is selected without them', async () => {
    const ledger = makeLedger();
    await ledger.load();
    const [first, , second] = ledger.rows;
    ledger.selection.select(first?.id ?? '');
    expect(ledger.selection.cursor).toBe(later.id);
    ledger.selection.select(second?.id ?? '');
    expect(ledger.selection.cursor).toBe(actId);
    ledger.selection.select(second?.id ?? '');
    expect(ledger.selection.cursor).toBe(later.id);
    ledger.selection.all();
    expect(ledger.selection.size).toBe(2);
  });

  test('what a selected act stands for is asked for when it is needed, each entry once', async () => {
    const ledger = makeLedger();
    await ledger.load();
    await ledger.open(actId);
    ledger.selection.all();
    const entries = await ledger.entriesOf(ledger.selected);
    expect(entries.map(({ id }) => id).sort()).toEqual([...members, later].map(({ id }) => id).sort());
  });
});
