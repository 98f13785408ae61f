import { z } from 'zod';

/** An action of a rule, with the elements of its document: `Days`, `StorageClass` and the like. */
const action = z.record(z.string(), z.string());

const rule = z.object({
  id: z.string(),
  prefix: z.string(),
  status: z.enum(['Enabled', 'Disabled']),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  /** By element, each as often as it was put. */
  actions: z.array(z.object({ element: z.string(), fields: action })),
});

/** Schema of a bucket's lifecycle rules. */
export const lifecycleRules = z.array(rule);

/**
 * The lifecycle rules of a bucket. The practice server keeps them; it carries none of them out.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketlifecycle
 */
export type LifecycleRules = z.infer<typeof lifecycleRules>;
