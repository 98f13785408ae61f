import type { ArgsOf, Transfer } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { type IdSet, toIdSet } from '../../lib/id-set.ts';
import { lastSegment } from '../../lib/key-text.ts';
import { folderOf } from '../../lib/place.ts';
import type { BucketRef, FolderRef, ObjectsRef } from '../../lib/subjects.ts';

/** An object or a folder that was moved or copied: its key or prefix before and after. */
export interface Relocated {
  readonly kind: 'key' | 'prefix';
  readonly from: string;
  readonly to: string;
}

type CopyRequest = ArgsOf<'objects.copy'>;

/** More folders aren't looked for at their target: moving them can't be undone. */
const mostFoldersAsked = 20;

/** What arrived. `ends` are the transfers as they ended, of the keys and then of the prefixes of `subject`. */
export function relocatedOf(
  { keys, prefixes }: Pick<ObjectsRef, 'keys' | 'prefixes'>,
  ends: readonly (Transfer | null)[],
): readonly Relocated[] {
  return [...keys, ...prefixes].flatMap((from, index): Relocated[] => {
    const end = ends[index] ?? null;
    return end?.state.at === 'done' ? [{ kind: index < keys.length ? 'key' : 'prefix', from, to: end.key }] : [];
  });
}

/**
 * The folders of `subject` that are new at their target: only these can be moved back whole. A folder that was there
 * before holds files that were never moved.
 */
export async function newFolders(
  { prefixes }: Pick<ObjectsRef, 'prefixes'>,
  to: FolderRef,
  name: string | null,
  callMain: typeof call,
): Promise<IdSet> {
  if (prefixes.length > mostFoldersAsked) return toIdSet([]);
  const asked = prefixes.map(async (prefix) => {
    const target = `${to.prefix}${name ?? lastSegment(prefix)}/`;
    const page = await callMain('objects.list', { ...placeOf(to), prefix: target, pageToken: null });
    return page.objects.length + page.prefixes.length === 0 ? [prefix] : [];
  });
  // Without the right to look, it isn't known.
  return toIdSet(
    await Promise.all(asked).then(
      (found) => found.flat(),
      () => [],
    ),
  );
}

/**
 * The requests that move everything back: one for all that go into the same folder under their own names. What took a
 * place meanwhile keeps it, whatever the settings say about files of the same name.
 */
export function requestsBack(moved: readonly Relocated[], from: BucketRef, to: BucketRef): readonly CopyRequest[] {
  const kept = new Map<string, Relocated[]>();
  const renamed: CopyRequest[] = [];
  for (const one of moved) {
    const folder = folderOf(one.from);
    if (lastSegment(one.from) === lastSegment(one.to)) kept.set(folder, [...(kept.get(folder) ?? []), one]);
    else renamed.push(requestFor([one], lastSegment(one.from)));
  }
  return [...[...kept.values()].map((some) => requestFor(some, null)), ...renamed];

  function requestFor(some: readonly Relocated[], name: string | null): CopyRequest {
    const [first] = some;
    const pathsOf = (wanted: Relocated['kind']) =>
      some.flatMap(({ kind, to: path }) => (kind === wanted ? [path] : []));
    return {
      from: { ...placeOf(to), keys: pathsOf('key'), prefixes: pathsOf('prefix'), versionId: null },
      to: { ...placeOf(from), prefix: folderOf(first?.from ?? '') },
      move: true,
      name,
      existing: 'keep-both',
    };
  }
}

function placeOf({ accountId, bucket }: BucketRef): BucketRef {
  return { accountId, bucket };
}
