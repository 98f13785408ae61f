import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RevocableNote, RevocableNotes } from '../../../../main/cli/revoking/revocable-notes.ts';

const HOUR = 3_600_000;
let folder: string;
let notes: RevocableNotes;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-notes-'));
  notes = new RevocableNotes(folder);
});
afterEach(() => rm(folder, { recursive: true }));

function note(accessKeyId: string, changes: Partial<RevocableNote> = {}): RevocableNote {
  const principals = ['arn:sts::1:assumed-role/r/wb-1'];
  const place = { bucket: 'b', host: 'b.example.com' };
  return { accessKeyId, principals, ...place, links: 1, validUntil: Date.now() + HOUR, ...changes };
}

const keep = (kept: RevocableNote, now = Date.now()): Promise<void> => notes.keep(kept, now);

test('a session is found by its AccessKey ID, whose letters count', async () => {
  await Promise.all([keep(note('STS.NUabc')), keep(note('STS.NUABC', { links: 7 }))]);
  expect(await notes.find('STS.NUABC')).toMatchObject({ links: 7 });
  expect(await notes.find('STS.NUabc')).toMatchObject({ links: 1 });
  expect(await notes.find('STS.nuabc')).toBeNull();
});

test('a session is kept for a while after its end, then forgotten', async () => {
  await keep(note('STS.over', { validUntil: Date.now() - 10 * 60_000 }));
  await keep(note('STS.long-over', { validUntil: Date.now() - HOUR }));
  await keep(note('STS.new'));
  expect(await notes.find('STS.long-over')).toBeNull();
  expect(await notes.find('STS.over')).not.toBeNull();
  expect(await readdir(folder)).toHaveLength(2);
});

test('what has expired is told by the server’s clock, not by this computer’s', async () => {
  const serverNow = Date.now() - 8 * HOUR;
  await keep(note('STS.live', { validUntil: serverNow + HOUR }), serverNow);
  await keep(note('STS.next', { validUntil: serverNow + HOUR }), serverNow);
  expect(await notes.find('STS.live')).not.toBeNull();
});

test.skipIf(process.getuid === undefined)('what others may have written is neither believed nor added to', async () => {
  await keep(note('STS.mine'));
  const [name = ''] = await readdir(folder);
  await chmod(join(folder, name), 0o644);
  expect(await notes.find('STS.mine')).toBeNull();
  await chmod(join(folder, name), 0o600);
  await chmod(folder, 0o777);
  await expect(notes.find('STS.mine')).rejects.toThrow();
  await expect(keep(note('STS.other'))).rejects.toThrow();
});

test('without a state folder nothing is known', async () => {
  expect(await new RevocableNotes(join(folder, 'none')).find('STS.mine')).toBeNull();
});
