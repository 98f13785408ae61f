import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, constants, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { withFileErrors } from '../../local-files/file-failure.ts';
import type { CommandContext } from '../arguments/command.ts';

/** What is kept of one command, so that the same command goes on after an interruption. */
export interface Job {
  /** Null where nothing can be kept. */
  readonly journalFile: string | null;
  /** Whether an earlier process left it. */
  readonly isResumed: boolean;
}

/** What nobody came back to for 30 days is given up, in milliseconds. */
const FORGOTTEN_MS = 30 * 24 * 3_600_000;

/**
 * The job of a command: what an earlier process of the same command on this computer left, or a new one. A name says
 * which process a journal belongs to, and renaming it is how a process takes over what a dead one left: that succeeds
 * for one alone, so two never write the same journal.
 * @param identity what makes a command the same; holds no secret
 * @param folder null for the usual one, which need not be writable
 * @throws WaybillError `file` where `folder` cannot be used
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
    // Whoever has no home still gets the work done.
    if (folder === null) return { journalFile: null, isResumed: false };
    throw error;
  }
}

async function claim(place: string, hash: string): Promise<Job> {
  await withFileErrors(place, mkdir(place, { recursive: true, mode: 0o700 }));
  await forgetOld(place);
  const journalFile = join(place, `${hash}.${ownerOf(process.pid)}.jsonl`);
  for (const name of await withFileErrors(place, readdir(place))) {
    const owner = name.startsWith(`${hash}.`) ? /\.(\d+-\d+)\.jsonl$/.exec(name)?.[1] : undefined;
    if (owner === undefined || isAlive(owner)) continue;
    const isMine = await rename(join(place, name), journalFile).then(
      () => true,
      () => false,
    );
    if (isMine) return { journalFile, isResumed: true };
  }
  await withFileErrors(place, access(place, constants.W_OK));
  return { journalFile, isResumed: false };
}

/** The command is over: there is nothing to go on with. */
export async function endJob({ journalFile }: Job): Promise<void> {
  if (journalFile !== null) await rm(journalFile, { force: true });
}

/** As the XDG Base Directory Specification says; Windows has a place of its own for what belongs to one computer. */
function usualFolder(env: CommandContext['env']): string {
  const own = env['WAYBILL_STATE_DIR'] ?? '';
  if (own !== '') return own;
  const state = env['XDG_STATE_HOME'] ?? (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ?? '';
  return join(state === '' ? join(homedir(), '.local', 'state') : state, 'waybill');
}

/** A process ID, and where the system tells it when the process began: IDs are used again. */
function ownerOf(pid: number): string {
  return `${pid}-${startOf(pid)}`;
}

function isAlive(owner: string): boolean {
  const pid = Number(owner.split('-')[0]);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return ownerOf(pid) === owner;
}

/** In the system's own unit (field 22 of proc_pid_stat(5)); 0 where there is no such file. */
function startOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program comes second and may hold anything, a bracket too.
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
  } catch {
    return 0;
  }
}

async function forgetOld(place: string): Promise<void> {
  for (const name of await withFileErrors(place, readdir(place))) {
    if (!/^[0-9a-f]{32}\.\d+-\d+\.jsonl(\.new)?$/.test(name)) continue;
    const path = join(place, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < Date.now() - FORGOTTEN_MS) await rm(path, { force: true });
  }
}
