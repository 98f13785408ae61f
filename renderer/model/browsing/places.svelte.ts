import { isSamePlace, type Place } from '../../lib/place.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import type { SettingsState } from '../settings.svelte.ts';

const mostRecent = 12;

/** A place that was marked. Without a name, it is called by the last part of its path. */
export interface Bookmark extends FolderRef {
  readonly name?: string;
}

/** Bookmarks and recent places. */
export class Places {
  readonly #settings: SettingsState;

  constructor(settings: SettingsState) {
    this.#settings = settings;
  }

  get bookmarks(): readonly Bookmark[] {
    return this.#settings.current.bookmarks;
  }

  get recent(): readonly FolderRef[] {
    return this.#settings.current.recentPlaces;
  }

  isMarked(place: Place): boolean {
    return this.bookmarks.some((mark) => isSamePlace(mark, place));
  }

  /** Adds or removes the bookmark of a place. An account's list of buckets can't be bookmarked. */
  toggle(place: Place | null): void {
    if (!isSaved(place)) return;
    void this.#settings.update(({ bookmarks }) => {
      const others = bookmarks.filter((mark) => !isSamePlace(mark, place));
      return { bookmarks: others.length < bookmarks.length ? others : [...others, bareOf(place)] };
    });
  }

  /** Names a bookmark; an empty name takes the name away. */
  rename(mark: FolderRef, name: string): void {
    void this.#settings.update(({ bookmarks }) => ({
      bookmarks: bookmarks.map((one) => {
        if (!isSamePlace(one, mark)) return one;
        return name.trim() === '' ? bareOf(one) : { ...bareOf(one), name: name.trim() };
      }),
    }));
  }

  /** Puts a bookmark before another one; null: after all others. */
  put(mark: FolderRef, before: FolderRef | null): void {
    if (isSamePlace(mark, before)) return;
    void this.#settings.update(({ bookmarks }) => {
      const moved = bookmarks.find((one) => isSamePlace(one, mark));
      if (moved === undefined) return null;
      const others = bookmarks.filter((one) => one !== moved);
      const found = others.findIndex((one) => isSamePlace(one, before));
      const at = found === -1 ? others.length : found;
      return { bookmarks: [...others.slice(0, at), moved, ...others.slice(at)] };
    });
  }

  /** Moves the place to the front of the recent places. The next start begins there. */
  visit(place: Place | null): void {
    if (place === null) return;
    void this.#settings.update(({ recentPlaces, lastPlace }) => {
      const patch = isSamePlace(lastPlace, place) ? {} : { lastPlace: bareOf(place) };
      if (!isSaved(place) || isSamePlace(recentPlaces[0] ?? null, place)) return 'lastPlace' in patch ? patch : null;
      const others = recentPlaces.filter((other) => !isSamePlace(other, place));
      return { ...patch, recentPlaces: [bareOf(place), ...others].slice(0, mostRecent) };
    });
  }
}

function isSaved(place: Place | null): place is FolderRef {
  return place !== null && place.bucket !== null;
}

/** The place without what else a caller knows of it. */
function bareOf<T extends Place>({ accountId, bucket, prefix }: T): Pick<T, 'accountId' | 'bucket' | 'prefix'> {
  return { accountId, bucket, prefix };
}
