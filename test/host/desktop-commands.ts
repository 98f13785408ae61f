// Programs of the desktop that stand in for Electron's native parts.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export function hasCommand(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(path.join(folder, name)));
}

/** Starts a program that outlives the app. */
export function launch(name: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { stdio: 'ignore', detached: true });
    child.once('error', reject);
    child.once('spawn', resolve);
    child.unref();
  });
}

/** @returns exit code and what the program wrote, without the line end */
export function ask(name: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(name, args, { maxBuffer: 1 << 24 }, (_error, output) =>
      resolve({ code: child.exitCode ?? -1, output: output.replace(/\n$/, '') }),
    );
  });
}
