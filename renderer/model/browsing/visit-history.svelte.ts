import type { IdSet } from '../../lib/id-set.ts';
import type { Place } from '../../lib/place.ts';
import type { ObjectList } from './object-list.svelte.ts';

/** A place as it was left; `list` is null if it has to be loaded again. */
export interface Visit {
  readonly place: Place;
  readonly list: ObjectList | null;
  readonly selected: IdSet;
  readonly cursor: string | null;
}

/** Only the latest visits keep their lists: each may hold a million rows. */
const mostListsKept = 8;

/** The back and forward history of places. */
export class VisitHistory {
  #back = $state.raw<readonly Visit[]>([]);
  #forward = $state.raw<readonly Visit[]>([]);

  readonly canGoBack = $derived(this.#back.length > 0);
  readonly canGoForward = $derived(this.#forward.length > 0);

  /** Records the visit just left and clears the forward history. */
  leave(left: Visit | null): void {
    this.#back = withVisit(this.#back, left);
    this.#forward = [];
  }

  /** The visit to return to; null at the first place. */
  back(left: Visit | null): Visit | null {
    const visit = this.#back.at(-1) ?? null;
    if (visit === null) return null;
    this.#back = this.#back.slice(0, -1);
    this.#forward = withVisit(this.#forward, left);
    return visit;
  }

  /** The visit that back() left; null at the last place. */
  forward(left: Visit | null): Visit | null {
    const visit = this.#forward.at(-1) ?? null;
    if (visit === null) return null;
    this.#forward = this.#forward.slice(0, -1);
    this.#back = withVisit(this.#back, left);
    return visit;
  }

  /** Removes the places that are gone. */
  keep(isThere: (place: Place) => boolean): void {
    this.#back = this.#back.filter(({ place }) => isThere(place));
    this.#forward = this.#forward.filter(({ place }) => isThere(place));
  }
}

function withVisit(visits: readonly Visit[], left: Visit | null): readonly Visit[] {
  if (left === null) return visits;
  const firstKept = visits.length + 1 - mostListsKept;
  return [...visits.map((visit, at) => (at < firstKept ? { ...visit, list: null } : visit)), left];
}
