import { spawnSync } from 'node:child_process';

/** Runs work in a process that can write no file beyond this length, in bytes: the rest of a write fails with EFBIG. */
export async function withFileLimit<T>(bytes: number, work: () => T | Promise<T>): Promise<T> {
  setLimit(String(bytes));
  try {
    return await work();
  } finally {
    setLimit('unlimited');
  }
}

function setLimit(bytes: string): void {
  const { status } = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  if (status !== 0) throw new Error('prlimit failed');
}
