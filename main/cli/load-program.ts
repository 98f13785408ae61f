import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type * as program from './run.ts';

/** What the command line runs once there is work to do. */
type Program = typeof program;

/** The program as it was compiled. */
export interface CompiledProgram {
  readonly program: Program;
  /** The compiled code of what has run so far, for {@link loadProgram} to reuse. */
  readonly code: () => Buffer;
}

const PROGRAM = 'cli-program.cjs';
/** The code cache, beside the program: the program's SHA-256, then V8's data. */
export const CODE_CACHE = 'cli-program.cache';
const DIGEST_BYTES = 32;

/**
 * Loads the program from the folder of the build, with the code that the build compiled: compiling takes a third of a
 * short command's time. A cache of another program or another version of Node is ignored. It is read only from beside the
 * program, since whoever can write there can change the program itself.
 */
export function loadProgram(folder: string): Program {
  return compileProgram(folder, cachedCode(folder)).program;
}

/** Loads the program and keeps its compiled code at hand. @param cached a cache as a whole; null compiles anew */
export function compileProgram(folder: string, cached: Buffer | null): CompiledProgram {
  const filename = join(folder, PROGRAM);
  const source = readFileSync(filename, 'utf8');
  const digest = createHash('sha256').update(source).digest();
  const isOurs = cached !== null && digest.equals(cached.subarray(0, DIGEST_BYTES));
  const script = new Script(Module.wrap(source), {
    filename,
    ...(isOurs ? { cachedData: cached.subarray(DIGEST_BYTES) } : {}),
  });
  const module = { exports: {} as Program };
  const evaluate = script.runInThisContext() as (...values: readonly unknown[]) => void;
  evaluate(module.exports, createRequire(filename), module, filename, dirname(filename));
  return { program: module.exports, code: () => Buffer.concat([digest, script.createCachedData()]) };
}

function cachedCode(folder: string): Buffer | null {
  try {
    return readFileSync(join(folder, CODE_CACHE));
  } catch {
    return null;
  }
}
