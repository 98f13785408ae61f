import type { ChangeResult } from '../../contract/contract.ts';
import { parentPrefix } from '../../oss/key-path.ts';
import { putSymlink } from '../../oss/operations/symlinks.ts';
import { changeMany, type ChangeOutcome, type ChangeScope } from '../../properties/change-many.ts';
import type { ObjectChange } from '../../properties/object-change.ts';
import { readProperties } from '../../properties/read-properties.ts';
import { FORBID_OVERWRITE } from '../../transfers/stored-object.ts';
import type { Core } from '../core.ts';
import type { Handlers, Tell } from '../ipc.ts';

type PropertyCalls =
  'properties.read' | 'properties.change' | 'properties.retry' | 'properties.cancel' | 'objects.createSymlink';

/** One change, and what is left of it. */
interface Change {
  readonly accountId: string;
  readonly scope: ChangeScope;
  readonly change: ObjectChange;
}

/** As many as a person may still want to try again. */
const MOST_CHANGES = 20;

/** At most so many failures go to the screen. */
const SHOWN_FAILURES = 1000;

/** Least time between two messages about progress, in milliseconds. */
const TELL_EVERY_MS = 100;

/** What objects have beside their bytes, read and changed. */
export function propertyHandlers(
  { accounts }: Pick<Core, 'accounts'>,
  tell: Tell,
  changed: (accountId: string, bucket: string, prefix: string) => void,
): Pick<Handlers, PropertyCalls> {
  const failedBefore = new Map<string, Change>();
  const running = new Map<string, AbortController>();

  const carryOut = async (changeId: string, { accountId, scope, change }: Change): Promise<ChangeResult> => {
    const stop = new AbortController();
    running.set(changeId, stop);
    try {
      const connection = await accounts.connection(accountId, scope.bucket);
      const run = { connection, signal: stop.signal, onProgress: progressTeller(tell, changeId) };
      const outcome = await changeMany(run, scope, change);
      const keys = outcome.failed.map(({ key }) => key);
      remember(failedBefore, changeId, { accountId, scope: { ...scope, keys, prefixes: [] }, change });
      return shown(outcome);
    } finally {
      running.delete(changeId);
      for (const prefix of new Set([...scope.keys, ...scope.prefixes].map(parentPrefix))) {
        changed(accountId, scope.bucket, prefix);
      }
    }
  };

  return {
    'properties.read': ({ accountId, bucket, key, versionId }) =>
      accounts.run(accountId, bucket, (connection) =>
        readProperties(connection, { bucket, key, versionId: versionId ?? undefined }),
      ),
    'properties.change': ({ changeId, accountId, change, ...scope }) =>
      carryOut(changeId, { accountId, scope, change }),
    'properties.retry': ({ changeId }) => {
      const left = failedBefore.get(changeId);
      return left === undefined ? nothing : carryOut(changeId, left);
    },
    'properties.cancel': ({ changeId }) => {
      running.get(changeId)?.abort();
      return null;
    },
    'objects.createSymlink': async ({ accountId, bucket, key, target }) => {
      await accounts.run(accountId, bucket, (connection) =>
        putSymlink(connection, { bucket, key, target, headers: FORBID_OVERWRITE }),
      );
      changed(accountId, bucket, parentPrefix(key));
      return null;
    },
  };
}

const nothing: ChangeResult = { changed: 0, unchanged: 0, failedCount: 0, failed: [], stopped: null };

function shown({ failed, ...outcome }: ChangeOutcome): ChangeResult {
  return { ...outcome, failedCount: failed.length, failed: failed.slice(0, SHOWN_FAILURES) };
}

function remember(failedBefore: Map<string, Change>, changeId: string, change: Change): void {
  failedBefore.delete(changeId);
  if (change.scope.keys.length === 0) return;
  const [oldest] = failedBefore.keys();
  if (failedBefore.size === MOST_CHANGES && oldest !== undefined) failedBefore.delete(oldest);
  failedBefore.set(changeId, change);
}

function progressTeller(tell: Tell, changeId: string): (done: number) => void {
  let told = 0;
  return (done) => {
    if (performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    tell('properties.changing', { changeId, done });
  };
}
