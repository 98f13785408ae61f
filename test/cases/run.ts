import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isExpected } from './compare.ts';
import type { Kind } from './kind.ts';
import { kinds } from './kinds.ts';

const caseFile = z.object({
  kind: z.string(),
  cases: z.array(z.object({ id: z.string(), input: z.unknown(), expected: z.unknown() })),
});

type Case = z.infer<typeof caseFile>['cases'][number];

/** One case: `difference` is null where Waybill's result is the expected one. */
export interface Outcome {
  readonly id: string;
  readonly difference: string | null;
}

/**
 * Checks every case of a file.
 * @throws Error for a file that can't be read, has another shape, or is of a kind that isn't known
 */
export async function checkFile(path: string): Promise<readonly Outcome[]> {
  const file = await readCases(path);
  const kind = Object.hasOwn(kinds, file.kind) ? kinds[file.kind] : undefined;
  if (kind === undefined) throw new Error(`${path}: the kind "${file.kind}" isn’t known`);
  const outcomes: Outcome[] = [];
  for (const one of file.cases) outcomes.push({ id: one.id, difference: await differenceOf(kind, one) });
  return outcomes;
}

async function readCases(path: string): Promise<z.infer<typeof caseFile>> {
  try {
    return caseFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new Error(`${path} holds no cases`, { cause });
  }
}

async function differenceOf(kind: Kind, { input, expected }: Case): Promise<string | null> {
  let actual: unknown;
  try {
    actual = await kind.run(input);
  } catch (error) {
    actual = `threw ${String(error)}`;
  }
  if (isExpected(kind, actual, expected, input)) return null;
  return `expected ${short(expected)}, actual ${short(actual)}`;
}

/** At most 400 characters of JSON: a case is one line. */
function short(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
