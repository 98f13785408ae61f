import { z } from 'zod';

const rule = z.object({
  origins: z.array(z.string()),
  methods: z.array(z.string()),
  headers: z.array(z.string()),
  exposed: z.array(z.string()),
  maxAgeSeconds: z.number().optional(),
});

/** Schema of a bucket's CORS rules. */
export const corsRules = z.object({ rules: z.array(rule), varies: z.boolean() });

/**
 * The CORS rules of a bucket, and whether each reply says `Vary: Origin`.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors
 */
export type CorsRules = z.infer<typeof corsRules>;

/** One rule. */
export type CorsRule = CorsRules['rules'][number];

/** What a browser asks for a page of another origin. */
export interface CrossOrigin {
  readonly origin: string;
  /** The method of the request that follows a preflight, or of the request itself. */
  readonly method: string;
  /** The headers that a preflight announces. */
  readonly headers: readonly string[];
}

/** The first rule that allows the request; later ones don't count, even if they would expose more headers. */
export function findCorsRule({ rules }: CorsRules, { origin, method, headers }: CrossOrigin): CorsRule | null {
  const found = rules.find(
    (rule) =>
      rule.origins.some((pattern) => covers(pattern, origin)) &&
      rule.methods.includes(method) &&
      headers.every((name) => rule.headers.some((pattern) => covers(pattern.toLowerCase(), name.toLowerCase()))),
  );
  return found ?? null;
}

/** Whether a pattern with at most one `*` covers a text. Unlike in policies, `?` stands for itself. */
function covers(pattern: string, text: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return pattern === text;
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

/** The headers of a reply to a request that `rule` allows. */
export function corsHeaders(rule: CorsRule, { origin, method, headers }: CrossOrigin): Record<string, string> {
  const { exposed, maxAgeSeconds } = rule;
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': method,
    ...(headers.length === 0 ? {} : { 'Access-Control-Allow-Headers': headers.join(', ') }),
    ...(exposed.length === 0 ? {} : { 'Access-Control-Expose-Headers': exposed.join(', ') }),
    ...(maxAgeSeconds === undefined ? {} : { 'Access-Control-Max-Age': String(maxAgeSeconds) }),
  };
}
