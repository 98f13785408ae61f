import { malformedReply, toFailure } from '../../failure.ts';
import type { Connection } from '../connection.ts';
import { childrenUpTo, expectRoot, numberOf, requiredText, timeOf } from '../exchange/reply-fields.ts';
import { sendForXml } from '../exchange/request.ts';
import { child, childrenOf, textOf, type XmlElement } from '../exchange/xml.ts';
import { MAX_LIFECYCLE_RULES } from '../limits.ts';

/** When a rule acts on an object: days after it changed (became an older version, was started), or was last read; or if it is older than a moment. */
type LifecycleTime =
  | { readonly kind: 'days' | 'days-unread'; readonly days: number }
  /** Unix milliseconds. */
  | { readonly kind: 'before'; readonly moment: number };

/**
 * What a rule does:
 * - `expire`: deletes objects; in a bucket with versioning, they become older versions.
 * - `remove-markers`: deletes delete markers without older versions.
 * - `move`: moves objects to another storage class.
 * - `expire-old`, `move-old`: the same to older versions.
 * - `abort-uploads`: deletes the parts of uploads that were never completed.
 * - `other`: something that Waybill doesn't know, named as its element.
 */
export type LifecycleAction =
  | { readonly kind: 'expire' | 'expire-old' | 'abort-uploads'; readonly when: LifecycleTime }
  | { readonly kind: 'move' | 'move-old'; readonly when: LifecycleTime; readonly storageClass: string }
  | { readonly kind: 'remove-markers' }
  | { readonly kind: 'other'; readonly element: string };

/** A lifecycle rule. */
export interface LifecycleRule {
  readonly id: string;
  readonly isEnabled: boolean;
  /** Empty for the whole bucket. */
  readonly prefix: string;
  /** Whether it is about some objects below the prefix only, by their tags, sizes or names. */
  readonly isNarrowed: boolean;
  readonly actions: readonly LifecycleAction[];
}

/**
 * GetBucketLifecycle: the lifecycle rules of a bucket; none if it has no configuration.
 * @throws WaybillError `oss` MalformedReply for more than 1,000 rules, and for a day or date that can't be read
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketlifecycle
 */
export async function getBucketLifecycle(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<readonly LifecycleRule[]> {
  try {
    const { root } = await sendForXml(connection, { method: 'GET', bucket, params: { lifecycle: null }, signal });
    expectRoot(root, 'LifecycleConfiguration');
    return childrenUpTo(root, 'Rule', MAX_LIFECYCLE_RULES).map(toRule);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'oss' && failure.code === 'NoSuchLifecycle') return [];
    throw error;
  }
}

/** Elements of a rule that aren't actions. */
const ABOUT_RULE: ReadonlySet<string> = new Set(['ID', 'Prefix', 'Status', 'Tag', 'Filter', 'AtimeBase']);

function toRule(element: XmlElement): LifecycleRule {
  const filter = child(element, 'Filter');
  return {
    id: textOf(element, 'ID'),
    isEnabled: textOf(element, 'Status') === 'Enabled',
    prefix: textOf(element, 'Prefix'),
    isNarrowed: childrenOf(element, 'Tag').length > 0 || (filter?.children.length ?? 0) > 0,
    actions: element.children.filter(({ name }) => !ABOUT_RULE.has(name)).map(toAction),
  };
}

function toAction(element: XmlElement): LifecycleAction {
  switch (element.name) {
    case 'Expiration':
      return textOf(element, 'ExpiredObjectDeleteMarker') === 'true'
        ? { kind: 'remove-markers' }
        : { kind: 'expire', when: timeOfAction(element) };
    case 'Transition':
      return { kind: 'move', when: timeOfAction(element), storageClass: requiredText(element, 'StorageClass') };
    case 'NoncurrentVersionExpiration':
      return { kind: 'expire-old', when: daysOf(element, 'NoncurrentDays') };
    case 'NoncurrentVersionTransition':
      return {
        kind: 'move-old',
        when: daysOf(element, 'NoncurrentDays'),
        storageClass: requiredText(element, 'StorageClass'),
      };
    case 'AbortMultipartUpload':
      return { kind: 'abort-uploads', when: timeOfAction(element) };
    default:
      return { kind: 'other', element: element.name };
  }
}

function timeOfAction(element: XmlElement): LifecycleTime {
  if (child(element, 'Days') !== null) return daysOf(element, 'Days');
  // The name of the element in older rules.
  const name = child(element, 'Date') === null ? 'CreatedBeforeDate' : 'Date';
  if (child(element, name) === null) throw malformedReply(200, `${element.name} without Days or CreatedBeforeDate`);
  return { kind: 'before', moment: timeOf(element, name) };
}

function daysOf(element: XmlElement, name: string): LifecycleTime {
  const isByAccess = textOf(element, 'IsAccessTime') === 'true';
  return { kind: isByAccess ? 'days-unread' : 'days', days: numberOf(element, name) };
}
