import { type Permission, permissions } from '../accounts/sts/policy.ts';
import { matchesPattern } from './wildcards.ts';

/** What a statement is about, in words where there are words for it. */
export interface Rights {
  /** All actions. */
  readonly isFull: boolean;
  readonly known: readonly Permission[];
  /** Actions that say more than the known rights, as they are written. */
  readonly others: readonly string[];
}

/** The action that makes each right, and those that usually go with it. */
const actions: Readonly<Record<Permission, readonly [string, ...string[]]>> = {
  read: [
    ...(['oss:GetObject', 'oss:GetObjectVersion', 'oss:GetObjectAcl', 'oss:GetObjectVersionAcl'] as const),
    ...['oss:GetObjectTagging', 'oss:GetObjectVersionTagging', 'oss:RestoreObject', 'oss:RestoreObjectVersion'],
    'oss:GetVodPlaylist',
  ],
  list: ['oss:ListObjects', 'oss:ListObjectVersions', 'oss:ListMultipartUploads'],
  write: [
    ...(['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts', 'oss:PutObjectTagging'] as const),
    ...['oss:PutObjectVersionTagging', 'oss:DeleteObjectTagging', 'oss:DeleteObjectVersionTagging'],
    ...['oss:PostVodPlaylist', 'oss:PublishRtmpStream'],
  ],
  delete: ['oss:DeleteObject', 'oss:DeleteObjectVersion'],
  acl: ['oss:PutObjectAcl', 'oss:PutObjectVersionAcl'],
};

const named = new Set(Object.values(actions).flatMap((names) => names.map((name) => name.toLowerCase())));

/** Reads the actions of a statement. Upper and lower case are the same in them. */
export function readRights(written: readonly string[]): Rights {
  if (written.some((one) => /^(oss:)?\*$/i.test(one))) return { isFull: true, known: permissions, others: [] };
  const has = (action: string): boolean =>
    written.some((one) => matchesPattern(one.toLowerCase(), action.toLowerCase()));
  const known = permissions.filter((permission) => has(actions[permission][0]));
  // What goes with a right says nothing more, but stands alone where the right isn't there.
  const told = new Set(known.flatMap((permission) => actions[permission].map((action) => action.toLowerCase())));
  const others = written.filter((one) => !(named.has(one.toLowerCase()) && told.has(one.toLowerCase())));
  return { isFull: false, known, others };
}
