import type { Deletions } from '../../deleting/deletions.ts';
import type { Handlers } from '../ipc.ts';

type DeletionCalls = Extract<keyof Handlers, `deletions.${string}`>;

/** More failures than anybody reads are only counted. */
const MOST_FAILURES = 1000;

/** Deleting, and taking that back where the bucket has versions. */
export function deletionHandlers(deletions: Deletions): Pick<Handlers, DeletionCalls> {
  const act = (what: (id: string) => void) => (args: { readonly id: string }) => {
    what(args.id);
    return null;
  };
  return {
    'deletions.list': () => deletions.list(),
    'deletions.start': ({ total, ...subject }) => ({ id: deletions.start(subject, total) }),
    'deletions.stop': act((id) => deletions.stop(id)),
    'deletions.goOn': act((id) => deletions.resume(id)),
    'deletions.dismiss': act((id) => deletions.dismiss(id)),
    'deletions.undo': ({ id }) => deletions.undo(id),
    'deletions.failed': ({ id }) =>
      deletions
        .failedOf(id)
        .slice(0, MOST_FAILURES)
        .map(({ key, failure }) => ({ key, failure })),
  };
}
