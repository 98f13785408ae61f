// A power cut at any moment: what the app said is safe is there at the next start.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryKeychain } from '../../../main/accounts/keychain.ts';
import { startPractice } from '../../../main/practice/server.ts';
import { openState, type State } from '../../../main/shell/state.ts';
import { Journal } from '../../../main/transfers/tasks/journal.ts';
import type { Task } from '../../../main/transfers/tasks/task.ts';
import { DiskRecorder } from '../../support/disk-recorder.ts';
import { seeded, type Seeded } from '../../support/seeded.ts';
import { account, draft, makeFolder, record, type Started, startApp } from './profile.ts';

const MOMENTS = 200;
const STEPS = 150;
const LONG_NOTES = 300;

test(`${MOMENTS} power cuts while everything is being written`, { timeout: 300_000 }, async () => {
  const random = seeded();
  console.info(`SEED=${random.seed}`);
  const recorder = await recordRun(random);
  // Created, and compacted while it was open.
  expect(recorder.renames('ledger.jsonl').length).toBeGreaterThan(1);
  const moments: readonly (() => number)[] = [
    () => random.below(recorder.length + 1),
    () => random.below(100),
    () => random.pick(recorder.renames()) + random.below(12) - 6,
    () => random.pick(recorder.renames('ledger.jsonl')) + random.below(12) - 6,
  ];
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    const end = Math.max(0, moments[moment % moments.length]?.() ?? 0);
    const folder = makeFolder();
    for (const [path, bytes] of recorder.diskAt(end, random)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    const { journal, tasks } = Journal.open(join(folder, 'transfers.jsonl'));
    void journal.close();
    const app = await startApp(folder);
    const what = `SEED=${random.seed}, moment ${moment}, operation ${end} of ${recorder.length}`;
    for (const said of recorder.said(end)) expect(isTrue(said, { ...app, tasks }), `${what}: ${said}`).toBe(true);
    // Replaced atomically, these are never damaged, whatever was lost.
    const whole = app.told.filter(({ path }) => /\.(json|pem)$/.test(path));
    expect(whole, what).toEqual([]);
    await app.close();
    rmSync(folder, { recursive: true });
  }
});

interface Run {
  readonly state: State;
  readonly journal: Journal;
  readonly journalFile: string;
  readonly recorder: DiskRecorder;
  readonly random: Seeded;
  readonly linkIds: string[];
  /** Number of parts that were written, by upload. */
  readonly uploads: Map<string, number>;
}

/** Works with all files of a new profile, and says what is safe as soon as the app does. */
async function recordRun(random: Seeded): Promise<DiskRecorder> {
  const folder = makeFolder();
  const recorder = new DiskRecorder(folder);
  try {
    const state = await openState(folder, { keychain: memoryKeychain() });
    const linkIds: string[] = [];
    // Before another file is created, whose name would make this one's safe, too.
    await makeLink({ state, recorder, linkIds }, 0);
    const practice = await startPractice({ dataDir: join(folder, 'practice'), seed: false });
    recorder.say(`key ${practice.accessKeyId}`);
    const journalFile = join(folder, 'transfers.jsonl');
    const { journal } = Journal.open(journalFile);
    const run = { state, journal, journalFile, recorder, random, linkIds, uploads: new Map<string, number>() };
    for (let step = 0; step < STEPS; step += 1) await random.pick(steps)(run, step);
    // So much that the ledger is compacted while it is open.
    for (let step = STEPS; step < STEPS + LONG_NOTES; step += 1) await note(run, step, 'x'.repeat(20_000));
    void journal.close();
    await state.ledger.close();
    await practice.close();
  } finally {
    recorder.stop();
    rmSync(folder, { recursive: true });
  }
  return recorder;
}

type Step = (run: Run, step: number) => Promise<void>;

const steps: readonly Step[] = [
  makeLink,
  (run, step) => note(run, step, ''),
  async ({ state, recorder }, step) => {
    await state.settings.set({ downloadFolder: String(step) });
    recorder.say(`settings ${step}`);
  },
  async ({ state, recorder }, step) => {
    const added = account(step);
    await state.accounts.save(added);
    recorder.say(`account ${added.id}`);
  },
  ({ state }, step) => state.window.save({ bounds: { x: step, y: 0, width: 800, height: 600 }, maximized: false }),
  async ({ journal, journalFile, recorder, random, uploads }, step) => {
    const id = uploads.size < 3 ? crypto.randomUUID() : random.pick([...uploads.keys()]);
    const count = (uploads.get(id) ?? 0) + 1;
    if (count === 1) {
      const part = { bucket: 'photos', key: id, uploadId: 'u', partSizeBytes: 1, sizeBytes: 9999, modifiedAt: 1 };
      journal.write({ type: 'task', task: record(id, 0), sizeBytes: 9999 });
      journal.write({ type: 'upload', id, checkpoint: { ...part, parts: [] } });
    }
    uploads.set(id, count);
    journal.write({ type: 'part', id, part: { partNumber: count, etag: `${step}`, crc64: '1', sizeBytes: 1 } });
    // Nobody waits for it, but it comes by itself.
    while (!recorder.isSynced(journalFile)) await new Promise(setImmediate);
    recorder.say(`parts ${id} ${count}`);
  },
];

async function makeLink(
  { state, recorder, linkIds }: Pick<Run, 'state' | 'recorder' | 'linkIds'>,
  step: number,
): Promise<void> {
  const [id = ''] = await state.ledger.record([draft(`key ${step}`)]);
  recorder.say(`link ${id}`);
  linkIds.push(id);
}

async function note({ state, recorder, random, linkIds }: Run, step: number, filling: string): Promise<void> {
  if (linkIds.length === 0) return;
  const id = random.pick(linkIds);
  await state.ledger.change([id], { note: `${step} ${filling}` });
  recorder.say(`note ${id} ${step}`);
}

/** Whether what was said holds after a start. */
function isTrue(said: string, { state, practice, tasks }: Started & { readonly tasks: readonly Task[] }): boolean {
  const [what = '', id = '', value] = said.split(' ');
  switch (what) {
    case 'key':
      return practice.accessKeyId === id;
    case 'link':
      return state.ledger.all().some((link) => link.id === id);
    case 'note':
      return Number.parseInt(state.ledger.get(id).note) >= Number(value);
    case 'settings':
      return Number(state.settings.current.downloadFolder) >= Number(id);
    case 'account':
      return state.accounts.all().some((one) => one.id === id);
    case 'parts':
      return (tasks.find((task) => task.id === id)?.checkpoints.upload?.parts.length ?? 0) >= Number(value);
    default:
      throw new Error(said);
  }
}
