import type { Deletions } from '../../deleting/deletions.ts';
import type { Handlers } from '../ipc.ts';
import type { DeletionLimit } from '../security/deletion-limit.ts';

type DeletionCalls = Extract<keyof Handlers, `deletions.${string}`>;

/** The most failures sent to the page; the rest are only counted. */
const MAX_FAILURES = 1000;

/** Answers the calls about deletions, which can be undone in buckets with versioning. */
export function deletionHandlers(deletions: Deletions, limit: DeletionLimit): Pick<Handlers, DeletionCalls> {
  const withId = (action: (id: string) => void) => (args: { readonly id: string }) => {
    action(args.id);
    return null;
  };
  return {
    'deletions.list': () => deletions.list(),
    'deletions.start': async ({ total, ...subject }) => {
      const permit = await limit.open(subject.bucket, Math.max(total ?? 0, subject.keys.length));
      return { id: deletions.start(subject, total, permit) };
    },
    'deletions.stop': withId((id) => deletions.stop(id)),
    'deletions.goOn': withId((id) => deletions.resume(id)),
    'deletions.dismiss': withId((id) => deletions.dismiss(id)),
    'deletions.undo': ({ id }) => deletions.undo(id),
    'deletions.failed': ({ id }) =>
      deletions
        .failedOf(id)
        .slice(0, MAX_FAILURES)
        .map(({ key, failure }) => ({ key, failure })),
  };
}
