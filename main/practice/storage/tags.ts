import { Refusal, invalidArgument } from '../protocol/refusal.ts';

const ALLOWED = /^[A-Za-z0-9 +\-=._:/]*$/;

/**
 * Validates the tags of an object.
 * @throws Refusal `InvalidTag`, or `InvalidArgument` for more than 10
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/object-tagging-8
 */
export function checkedTags(pairs: readonly (readonly [name: string, value: string])[]): Record<string, string> {
  if (pairs.length > 10) throw invalidArgument('An object can have at most 10 tags.');
  const tags = new Map<string, string>();
  for (const [name, value] of pairs) {
    const isGood = name !== '' && name.length <= 128 && value.length <= 256 && ALLOWED.test(name + value);
    if (!isGood || tags.has(name)) {
      throw new Refusal(400, { code: 'InvalidTag', message: 'The Tag you provided is invalid.' });
    }
    tags.set(name, value);
  }
  return Object.fromEntries(tags);
}
