import { isSamePlace, type Place } from '../../lib/place.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import type { SettingsState } from '../settings.svelte.ts';

const mostRecent = 12;

/** Bookmarks and recent places. */
export class Places {
  readonly #settings: SettingsState;

  constructor(settings: SettingsState) {
    this.#settings = settings;
  }

  get bookmarks(): readonly FolderRef[] {
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
      return { bookmarks: others.length < bookmarks.length ? others : [...others, place] };
    });
  }

  /** Moves the place to the front of the recent places. */
  visit(place: Place | null): void {
    if (!isSaved(place)) return;
    void this.#settings.update(({ recentPlaces }) => {
      if (isSamePlace(recentPlaces[0] ?? null, place)) return null;
      const others = recentPlaces.filter((other) => !isSamePlace(other, place));
      return { recentPlaces: [place, ...others].slice(0, mostRecent) };
    });
  }
}

function isSaved(place: Place | null): place is FolderRef {
  return place !== null && place.bucket !== null;
}
