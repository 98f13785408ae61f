import { z } from 'zod';
import { matches } from './wildcard.ts';

/** Schema of a bucket's hotlink protection. */
export const refererRules = z.object({
  allowsEmpty: z.boolean(),
  truncatesQuery: z.boolean(),
  truncatesPath: z.boolean(),
  allowed: z.array(z.string()),
  refused: z.array(z.string()),
});

/**
 * The hotlink protection of a bucket.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketreferer
 */
export type RefererRules = z.infer<typeof refererRules>;

/**
 * Checks the Referer of a request. Without a whitelist an empty one passes, whatever `allowsEmpty` says.
 * @returns the EC of the refusal, or null
 * @see https://help.aliyun.com/zh/oss/user-guide/hotlink-protection
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/0003-00000503 and …501, …502
 */
export function refererRefusal(rules: RefererRules, referer: string): string | null {
  const isMatched = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matches(pattern.toLowerCase(), shortened(rules, referer)));
  if (referer === '') return rules.allowsEmpty || rules.allowed.length === 0 ? null : '0003-00000501';
  if (isMatched(rules.refused)) return '0003-00000502';
  return rules.allowed.length === 0 || isMatched(rules.allowed) ? null : '0003-00000503';
}

function shortened({ truncatesPath, truncatesQuery }: RefererRules, referer: string): string {
  const [, origin = referer, path = '', query = ''] = /^([a-z]+:\/\/[^/?]*)([^?]*)(.*)$/i.exec(referer) ?? [];
  if (truncatesPath) return origin.toLowerCase();
  return (truncatesQuery ? `${origin}${path}` : `${origin}${path}${query}`).toLowerCase();
}
