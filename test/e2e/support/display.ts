import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Something that was started and can be ended. */
export interface Display {
  /** What to add to the environment of a program that is to appear here. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/**
 * A screen with a clipboard of its own. Tests that run side by side would otherwise read what another one copied, and a
 * person who starts them would lose what they had copied. Only X can do this; elsewhere the desktop is shared.
 */
export async function openDisplay(): Promise<Display> {
  const program = '/usr/bin/Xvfb';
  if (process.platform !== 'linux' || !existsSync(program)) return { env: {}, close: () => undefined };
  const server = spawn(program, ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-noreset', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${String(code)}`)));
    server.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return { env: { DISPLAY: `:${number}` }, close: () => server.kill() };
}
