import { putSymlink } from '../../oss/operations/symlinks.ts';
import { PropertyChanges } from '../../properties/property-changes.ts';
import { readProperties } from '../../properties/read-properties.ts';
import { FORBID_OVERWRITE } from '../../transfers/stored-object.ts';
import type { Core } from '../core.ts';
import type { Handlers, Emit } from '../ipc.ts';
import { parentPrefix } from '../../oss/key-path.ts';
import type { ConfirmPublic } from '../security/publishing.ts';
import { throttled } from './throttled.ts';

type PropertyCalls =
  'properties.read' | 'properties.change' | 'properties.retry' | 'properties.cancel' | 'objects.createSymlink';

/** Least time between two progress events of one change, in milliseconds. */
const PROGRESS_EVERY_MS = 100;

/** Answers the calls about what objects have besides their bytes. */
export function propertyHandlers(
  { accounts }: Pick<Core, 'accounts'>,
  emit: Emit,
  confirmPublic: ConfirmPublic,
  reportChange: (accountId: string, bucket: string, prefix: string) => void,
): Pick<Handlers, PropertyCalls> {
  const changes = new PropertyChanges({
    accounts,
    onEnd: ({ accountId, scope: { bucket, keys, prefixes } }) => {
      for (const prefix of new Set([...keys, ...prefixes].map(parentPrefix))) reportChange(accountId, bucket, prefix);
    },
  });
  const progressOf = (changeId: string) =>
    throttled(PROGRESS_EVERY_MS, (done: number) => emit('properties.changing', { changeId, done }));
  return {
    'properties.read': ({ accountId, bucket, key, versionId }) =>
      accounts.run(accountId, bucket, (connection) =>
        readProperties(connection, { bucket, key, versionId: versionId ?? undefined }),
      ),
    'properties.change': async ({ changeId, accountId, change, ...scope }) => {
      await confirmPublic(scope.bucket, change.acl);
      return changes.run(changeId, { accountId, scope, change }, progressOf(changeId));
    },
    'properties.retry': ({ changeId }) => changes.retry(changeId, progressOf(changeId)),
    'properties.cancel': ({ changeId }) => {
      changes.cancel(changeId);
      return null;
    },
    'objects.createSymlink': async ({ accountId, bucket, key, target }) => {
      await accounts.run(accountId, bucket, (connection) =>
        putSymlink(connection, { bucket, key, target, headers: FORBID_OVERWRITE }),
      );
      reportChange(accountId, bucket, parentPrefix(key));
      return null;
    },
  };
}
