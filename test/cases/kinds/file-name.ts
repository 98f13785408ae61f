import { z } from 'zod';
import { receivedName } from '../../../main/links/making/content-disposition.ts';
import { safeName } from '../../../main/local-files/safe-name.ts';
import { isExpected } from '../compare.ts';
import type { Kind } from '../kind.ts';

const input = z.object({ disposition: z.string().nullable(), key: z.string() });
const named = z.object({ name: z.string() });

/** A Content-Disposition and a key: the name to propose, made safe for all file systems. */
export const fileName: Kind = {
  run: (value) => {
    const { disposition, key } = input.parse(value);
    return { name: receivedName(disposition, key) };
  },
  matches: (actual, expected, value) =>
    isExpected({ run: () => null }, actual, { name: safeName(named.parse(expected).name) }, value),
};
