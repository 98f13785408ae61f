// The code cache of the command line: what V8 compiled of it, written beside it by the build.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CODE_CACHE, compileProgram } from '../main/cli/load-program.ts';
import { startPractice } from '../main/practice/server.ts';

/**
 * Compiles the command line once it is built. Its commands run against a practice server first: V8 compiles a function
 * when it is called, and only what has been compiled is in the cache.
 * @returns {import('vite').Plugin}
 */
export function codeCache() {
  let folder = '';
  return {
    name: 'code-cache',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    async closeBundle() {
      const { program, code } = compileProgram(folder, null);
      await runCommands(program.run);
      await writeFile(join(folder, CODE_CACHE), code());
    },
  };
}

/** @param {(args: readonly string[]) => Promise<number>} run */
async function runCommands(run) {
  const home = await mkdtemp(join(tmpdir(), 'waybill-code-cache-'));
  const server = await startPractice({ dataDir: join(home, 'data'), samplesDir: resolve('assets/samples') });
  const { endpoint, region, accessKeyId, accessKeySecret } = server;
  const { env } = process;
  process.env = {
    ...env,
    ...{ OSS_ENDPOINT: endpoint, OSS_REGION: region, WAYBILL_STATE_DIR: join(home, 'state') },
    ...{ OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret },
  };
  try {
    const file = join(home, 'file');
    await writeFile(file, 'a small file');
    const key = 'oss://waybill-inbox/file';
    for (const command of [
      ['put', file, key],
      ['ls', 'oss://waybill-inbox/'],
      ['get', key, join(home, 'back')],
      ['share', key],
      ['rm', key],
    ]) {
      const code = await silently(() => run(command));
      if (code !== 0) throw new Error(`the command line's ${command[0]} ended with ${code}`);
    }
  } finally {
    process.env = env;
    await server.close();
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * Runs a command, which prints to the streams of this process, without its output.
 * @param {() => Promise<number>} command
 */
async function silently(command) {
  const { stdout, stderr } = process;
  const [answer, say] = [stdout.write, stderr.write];
  stdout.write = stderr.write = () => true;
  try {
    return await command();
  } finally {
    stdout.write = answer;
    stderr.write = say;
  }
}
