import { z } from 'zod';
import { linkFieldsOf } from '../../../main/links/text/link-fields.ts';
import { isExpected } from '../compare.ts';
import type { Kind } from '../kind.ts';

const input = z.object({ text: z.string() });
const damaged = z.object({ reading: z.literal('damaged'), reason: z.union([z.string(), z.array(z.string())]) });

const fields = [
  ...['reading', 'reason', 'count', 'keys', 'host', 'bucket', 'key', 'version', 'accessKeyId', 'signature'],
  ...['expiresAt', 'securityToken', 'query', 'note'],
];

/** A text that a person pasted: the link in it, several of them, or why there is none. */
export const pastedLink: Kind = {
  run: (value) => linkFieldsOf(input.parse(value).text),
  matches: (actual, expected, value) => {
    const { success, data } = damaged.safeParse(expected);
    if (!success) return isExpected({ run: () => null, fields }, actual, expected, value);
    const found = damaged.safeParse(actual);
    return found.success && [data.reason].flat().includes([found.data.reason].flat()[0] ?? '');
  },
};
