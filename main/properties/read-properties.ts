import { getObjectAcl, type ObjectAcl } from '../oss/operations/acl.ts';
import { getBucketVersioning, type Versioning } from '../oss/operations/buckets.ts';
import type { Connection } from '../oss/connection.ts';
import { headerText, headerTexts } from '../oss/header-text.ts';
import type { ObjectRef } from '../oss/names.ts';
import { type ObjectHead, objectHeadOf } from '../oss/operations/object-headers.ts';
import { objectHeaders } from '../oss/operations/objects.ts';
import { getSymlink } from '../oss/operations/symlinks.ts';
import { getObjectTags, type Tags } from '../oss/operations/tags.ts';
import { type Known, known } from './known.ts';

/** The head with header values as text. */
export function shownHead(head: ObjectHead): ObjectHead {
  const { httpHeaders, meta, contentType } = head;
  return {
    ...head,
    httpHeaders: headerTexts(httpHeaders),
    meta: headerTexts(meta),
    contentType: headerText(contentType),
  };
}

/** Everything OSS reports about an object. */
export interface ObjectProperties {
  readonly head: ObjectHead;
  /** All response headers, names in lowercase, in OSS's order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly acl: Known<ObjectAcl>;
  readonly tags: Known<Tags>;
  /** Whether changing the object creates a new version. */
  readonly versioning: Known<Versioning>;
  /** The target of a symlink; null for any other object. */
  readonly symlinkTarget: Known<string> | null;
}

/** Reads the properties of an object. Each may be denied on its own. @throws WaybillError if HEAD fails */
export async function readProperties(connection: Connection, object: ObjectRef): Promise<ObjectProperties> {
  const [headers, acl, tags, versioning] = await Promise.all([
    objectHeaders(connection, object),
    known(getObjectAcl(connection, object)),
    known(getObjectTags(connection, object)),
    known(getBucketVersioning(connection, object.bucket)),
  ]);
  const head = objectHeadOf(headers);
  const symlinkTarget =
    head.objectType === 'Symlink' ? await known(getSymlink(connection, object).then(({ target }) => target)) : null;
  return { head: shownHead(head), headers: Object.entries(headerTexts(headers)), acl, tags, versioning, symlinkTarget };
}
