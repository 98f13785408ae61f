import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { expect, inject, vi } from 'vitest';
import { buildPages } from '../../support/pages.ts';
import { canariesAnswered, canariesInFiles, canariesOf, canariesPrinted } from '../../support/canaries.ts';

/** A program that is built, where any user may read it. */
export interface Program {
  readonly path: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what test files share; see shared-folder.ts. */
    sharedFolder: string;
  }
}

/** The command line as `npm run build` builds it. The first test file that needs it builds it for all. */
export async function builtCli(): Promise<Program> {
  const folder = join(inject('sharedFolder'), 'cli');
  const program = { path: join(folder, 'cli.js') };
  const ready = join(folder, 'package.json');
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (!isFirst) {
    await vi.waitFor(() => access(ready), { timeout: 120_000 });
    return program;
  }
  await build({ mode: 'main', logLevel: 'error', build: { outDir: folder } });
  await addThreadsAndPages(folder);
  await build({ mode: 'cli', logLevel: 'error', build: { outDir: folder } });
  await writeFile(ready, '{"type":"module"}');
  return program;
}

/** Bundles one entry of the source tree, and beside it the threads that move bytes. */
export async function bundle(entry: string): Promise<Program> {
  const folder = await mkdtemp(join(inject('sharedFolder'), 'program-'));
  const external = ['electron', 'httpx', 'keytar', '@alicloud/sts20150401'];
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      rolldownOptions: {
        input: { program: resolve(entry) },
        output: { format: 'es', entryFileNames: '[name].js' },
        external,
      },
    },
    ssr: { noExternal: true, external },
  });
  await addThreadsAndPages(folder);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return { path: join(folder, 'program.js') };
}

async function addThreadsAndPages(folder: string): Promise<void> {
  await build({ mode: 'worker', logLevel: 'error', build: { outDir: folder } });
  await buildPages(join(folder, 'pages'));
  // Where the packages are that stay outside the bundle.
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; it fails if it prints a secret, or leaves one in its state folder. */
export async function runProgram(
  path: string,
  args: readonly string[],
  options: {
    readonly env?: Record<string, string>;
    readonly uid?: number;
    readonly cwd?: string;
    readonly stdin?: string;
  } = {},
): Promise<Ended> {
  const { env = {}, uid, cwd, stdin } = options;
  const user = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(process.execPath, [path, ...args], { env: { PATH: process.env['PATH'], ...env }, cwd, ...user });
  if (stdin !== undefined) child.stdin.end(stdin);
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  canariesOf(env);
  // Without a state folder of its own, a program writes to no folder that could be searched here.
  const stateDir = env['WAYBILL_STATE_DIR'];
  const left = stateDir === undefined ? [] : await canariesInFiles(stateDir);
  const hits = [...canariesAnswered(texts.stdout), ...canariesPrinted(texts.stderr), ...left];
  expect(hits, 'secrets that were left behind').toEqual([]);
  return { code, ...texts };
}
