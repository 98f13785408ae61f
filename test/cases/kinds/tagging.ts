import { z } from 'zod';
import { linkProblems } from '../../../main/links/making/link-rules.ts';
import { readTaggingHeader } from '../../../main/oss/operations/tags.ts';
import type { Kind } from '../kind.ts';

const input = z.object({ header: z.string() });

/** The x-oss-tagging header of an upload link: refused, or the tags that it sets. */
export const tagging: Kind = {
  fields: ['ok', 'tags'],
  run: (value) => {
    const { header } = input.parse(value);
    const headers = { 'x-oss-tagging': header };
    const [problem] = linkProblems({ method: 'PUT', headers, params: {} });
    if (problem !== undefined) return { ok: false, rule: problem.rule };
    return { ok: true, tags: readTaggingHeader(header) };
  },
};
