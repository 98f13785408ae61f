import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, constants, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { newPathOf } from '../../local-files/line-file.ts';
import { type CommandContext, UsageError } from '../arguments/command.ts';
import { checkStateFolder, isOwnFile, usualFolder } from './state-folder.ts';

/** The recorded progress of one command, from which the same command resumes. */
export interface Job {
  /** Null if nothing can be recorded. */
  readonly journalFile: string | null;
  /** Whether an earlier process left it. */
  readonly isResumed: boolean;
}

/** Abandoned jobs are removed after 30 days, in milliseconds. */
const FORGOTTEN_MS = 30 * 24 * 3_600_000;

/** Journals, and the plans of syncs that were killed. */
const abandoned = /^([0-9a-f]{32}\.\d+-\d+\.jsonl(\.new)?|sync-[0-9a-f-]{36}\.plan)$/;

/**
 * Claims the job of a command: the one that an earlier process on this computer left, or a new one. A journal's name
 * holds its process, and a process takes over a dead one's journal by renaming it. Renaming succeeds for one process
 * only, so two never write the same journal.
 * @param identity what makes a command the same; holds no secret
 * @param folder null for the default, which doesn't have to be writable
 * @throws UsageError if others could have put a journal there; WaybillError `file` if `folder` can't be used
 */
export async function claimJob(
  identity: readonly unknown[],
  folder: string | null,
  env: CommandContext['env'],
): Promise<Job> {
  const hash = createHash('sha256')
    .update(JSON.stringify([hostname(), ...identity]))
    .digest('hex')
    .slice(0, 32);
  try {
    return await claim(resolve(folder ?? usualFolder(env)), hash);
  } catch (error) {
    // Without a home directory, run without a journal.
    if (folder === null && !(error instanceof UsageError)) return { journalFile: null, isResumed: false };
    throw error;
  }
}

async function claim(place: string, hash: string): Promise<Job> {
  await withFileErrors(place, mkdir(place, { recursive: true, mode: 0o700 }));
  await checkStateFolder(place);
  await forgetOld(place);
  const journalFile = join(place, `${hash}.${ownerOf(process.pid)}.jsonl`);
  for (const name of await withFileErrors(place, readdir(place))) {
    const owner = name.startsWith(`${hash}.`) ? /\.(\d+-\d+)\.jsonl$/.exec(name)?.[1] : undefined;
    if (owner === undefined || isAlive(owner) || !(await isOwnFile(join(place, name)))) continue;
    const isMine = await rename(join(place, name), journalFile).then(
      () => true,
      () => false,
    );
    if (isMine) return { journalFile, isResumed: true };
  }
  await withFileErrors(place, access(place, constants.W_OK));
  return { journalFile, isResumed: false };
}

/** Removes the job of a completed command. */
export async function endJob({ journalFile }: Job): Promise<void> {
  if (journalFile === null) return;
  await rm(journalFile, { force: true });
  await rm(newPathOf(journalFile), { force: true });
}

/** A process ID with the process's start time, if known: the system reuses IDs. */
function ownerOf(pid: number): string {
  return `${pid}-${startOf(pid)}`;
}

function isAlive(owner: string): boolean {
  const pid = Number(owner.split('-')[0]);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists but belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return ownerOf(pid) === owner;
}

/** In clock ticks since boot (field 22 of proc_pid_stat(5)); 0 without /proc. */
function startOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field, the program's name, can contain anything, even brackets.
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
  } catch {
    return 0;
  }
}

async function forgetOld(place: string): Promise<void> {
  for (const name of await withFileErrors(place, readdir(place))) {
    if (!abandoned.test(name)) continue;
    const path = join(place, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < Date.now() - FORGOTTEN_MS) await rm(path, { force: true });
  }
}
