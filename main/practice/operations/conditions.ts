import type { ObjectVersion } from '../storage/object-version.ts';
import { Refusal } from '../protocol/refusal.ts';

/** The four conditional request headers of HTTP. */
export interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifUnmodifiedSince: string | undefined;
}

/**
 * Checks conditions against a version.
 * @returns whether the version is unmodified, in which case a GET answers 304
 * @throws Refusal `PreconditionFailed`
 */
export function isNotModified(version: ObjectVersion, conditions: Conditions): boolean {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined && !names(ifMatch, version.etag)) throw preconditionFailed('If-Match');
  const unmodifiedSince = Date.parse(ifUnmodifiedSince ?? '');
  if (version.lastModified > unmodifiedSince) throw preconditionFailed('If-Unmodified-Since');
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, version.etag);
  return version.lastModified <= Date.parse(ifModifiedSince ?? '');
}

/** 412 `PreconditionFailed`. */
export function preconditionFailed(condition: string): Refusal {
  return new Refusal(412, {
    code: 'PreconditionFailed',
    message: 'At least one of the pre-conditions you specified did not hold.',
    extra: { Condition: condition },
  });
}

function names(list: string, etag: string): boolean {
  return list.split(',').some((entry) => {
    const name = entry.trim().replace(/^"|"$/g, '');
    return name === '*' || name.toUpperCase() === etag.toUpperCase();
  });
}
