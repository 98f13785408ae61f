// Every file of state, damaged at random 500 times: the app starts, intact content is there, and losses are told.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seeded } from '../../support/seeded.ts';
import { damage, type Damage } from './damage.ts';
import { filesIn, fillProfile, makeFolder, type Started, startApp } from './profile.ts';

const ROUNDS = 500;
let folder: string;
/** What is damaged, by path: all but the bytes of the practice server's objects. */
let pristine: ReadonlyMap<string, Buffer>;
let before: Started['state'];

beforeAll(async () => {
  folder = makeFolder();
  await fillProfile(folder);
  rmSync(join(folder, 'added'));
  const app = await startApp(folder);
  expect(app.told).toEqual([]);
  before = app.state;
  await app.close();
  pristine = new Map([...filesIn(folder)].filter(([name]) => !name.startsWith(join('practice', 'blobs'))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`${ROUNDS} random damages of every file`, { timeout: 300_000 }, async () => {
  const { seed } = seeded();
  console.info(`SEED=${seed}`);
  expect([...pristine.keys()].map((name) => basename(name)).sort()).toEqual(
    expect.arrayContaining([
      ...['account.json', 'accounts.json', 'authorities.pem', 'buckets.json', 'ledger.jsonl', 'objects.jsonl'],
      ...['settings.json', 'transfers.jsonl', 'uploads.jsonl', 'window.json'],
    ]),
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    const random = seeded(seed + round);
    const damages = new Map([...pristine].map(([name, bytes]) => [name, damage(bytes, random)]));
    for (const [name, { bytes }] of damages) put(join(folder, name), bytes);
    const app = await startApp(folder);
    try {
      // Bits may flip to the name of another bucket; then this one's files aren't opened.
      const buckets = contentOf(damages.get(join('practice', 'buckets.json')));
      const areAllListed = parse(buckets) === undefined || buckets === textOf(join('practice', 'buckets.json'));
      for (const [name, one] of damages) {
        const isOpened = areAllListed || !name.startsWith(join('practice', 'buckets', '/'));
        if (isOpened) check(name, one, app, `seed ${seed + round}, ${name}: ${one.name}`);
      }
    } finally {
      await app.close();
      removeAsides(folder);
    }
  }
});

function put(path: string, bytes: Buffer | null): void {
  rmSync(path, { recursive: true, force: true });
  if (bytes === null) mkdirSync(path);
  else writeFileSync(path, bytes);
}

function removeAsides(inside: string): void {
  for (const name of readdirSync(inside, { recursive: true, encoding: 'utf8' }))
    if (name.includes('.damaged-')) rmSync(join(inside, name), { recursive: true, force: true });
}

/** The bytes of a file, as text that has every byte. */
function contentOf(one: Damage | undefined): string {
  return one?.bytes?.toString('latin1') ?? '';
}

function textOf(name: string): string {
  return pristine.get(name)?.toString('latin1') ?? '';
}

function check(name: string, one: Damage, app: Started, what: string): void {
  const text = contentOf(one);
  const told = app.told.filter(({ path }) => path === join(folder, name));
  if (mustBeTold(name, one)) expect(told, what).not.toEqual([]);
  if (text === textOf(name)) expect(told, what).toEqual([]);
  survives(name, text, app, what);
}

/** Whether anyone who reads the file sees that something is wrong. What still is JSON can't be known to be damaged. */
function mustBeTold(name: string, one: Damage): boolean {
  const text = contentOf(one);
  if (one.bytes === null || text === '') return true;
  if (name.endsWith('.jsonl')) return linesOf(text).some((line) => !isJsonObject(line));
  if (name.endsWith('.json')) return parse(text) === undefined;
  const [first] = textOf(name).split('\n');
  return !text.includes('-----BEGIN') && text.trim() !== first;
}

/** What is intact in a damaged file is there after the start. */
function survives(name: string, text: string, { state, queue }: Started, what: string): void {
  const lines = new Set(linesOf(textOf(name)));
  const intact = linesOf(text).filter((line) => lines.has(line) && isJsonObject(line));
  const read = intact.map((line) => JSON.parse(Buffer.from(line, 'latin1').toString()) as Line);
  const ids = new Set([...state.ledger.all(), ...queue.list()].map(({ id }) => id));
  for (const { entry, task } of read)
    if (!ids.has((entry ?? task)?.id ?? '')) expect(entry ?? task, what).toBeUndefined();
  if (text !== textOf(name)) return;
  const values = valuesOf(state)[name];
  if (values !== undefined) expect(values, what).toEqual(valuesOf(before)[name]);
}

/** What the files hold that are read as a whole. */
function valuesOf({ settings, accounts, authorities, window }: Started['state']): Readonly<Record<string, unknown>> {
  return {
    'settings.json': settings.current,
    'accounts.json': accounts.all(),
    'authorities.pem': authorities.list(),
    'window.json': window.current,
  };
}

interface Line {
  readonly entry?: { readonly id: string };
  readonly task?: { readonly id: string };
}

/** The lines of a text, and what stands behind the last of them. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function isJsonObject(line: string): boolean {
  const value = parse(line);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
