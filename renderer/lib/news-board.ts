import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';

/** What a notification offers to do. */
export interface NewsAction {
  readonly label: string;
  readonly run: () => void;
  /** The notification stays, so that its other actions are still there. */
  readonly stays?: true;
}

/** One notification: what happened and, if there is more, the details. */
export interface NewsItem {
  readonly tone: 'begun' | 'done' | 'partly' | 'failed';
  readonly title: string;
  readonly description: string | null;
  readonly actions: readonly NewsAction[];
}

/** A notification, and the dialog in which it happened; null for what concerns the window. */
interface Posted extends NewsItem {
  readonly dialog: number | null;
}

/** More would leave too little room for the window's content. */
const shownAtOnce = 3;

const stayMs = { begun: 5_000, done: 5_000, partly: 12_000, failed: 12_000 } as const;

/** Time to see a button, and to reach it. */
const stayWithActionMs = 12_000;

/**
 * Notifications, newest last. Each disappears after a while, unless the pointer or the focus is on it. An open dialog
 * shows only what happened in it; what happens behind it is shown once it is closed.
 */
export class NewsBoard {
  readonly items = new SvelteMap<number, Posted>();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  /** Posted behind a dialog. Their time begins once it is closed. */
  readonly #behind = new Set<number>();
  #lastId = 0;
  #dialog: number | null = null;
  #isHeld = false;

  /**
   * Shows a notification and returns its ID. `place` is "window" for what the person didn't just do, such as an event that
   * main reports. It takes the place of another one, `replaces`, if that is still the start of something.
   */
  post(item: NewsItem, place: 'here' | 'window' = 'here', replaces: number | null = null): number {
    const id = this.#idOfStart(replaces) ?? this.#idOfSame(item) ?? this.#nextId();
    const isOwn = place === 'here' && item.tone !== 'begun';
    this.items.set(id, { ...item, dialog: isOwn ? this.#dialog : null });
    if (this.#dialog !== null && !isOwn) {
      this.#behind.add(id);
    } else if (!this.#isHeld) {
      this.#dropOutdated(id);
      this.#goLater(id, item);
    }
    const [oldest] = this.items.keys();
    if (this.items.size > shownAtOnce && oldest !== undefined) this.dismiss(oldest);
    return id;
  }

  /** A dialog opens. Returns what its notifications carry, and what leaveDialog() takes. */
  enterDialog(): number {
    this.#dialog = this.#nextId();
    return this.#dialog;
  }

  /** The dialog is closed. Its notifications stay in the window for the rest of their time. */
  leaveDialog(dialog: number): void {
    if (this.#dialog !== dialog) return;
    this.#dialog = null;
    const waiting = [...this.#behind];
    this.#behind.clear();
    for (const id of waiting) {
      const item = this.items.get(id);
      if (item !== undefined) this.#goLater(id, item);
    }
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#behind.delete(id);
    this.items.delete(id);
    if (this.items.size === 0) this.#isHeld = false;
  }

  /** While the pointer or the focus is on the notifications, none disappears. */
  hold(): void {
    this.#isHeld = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Does nothing unless they were held: the time that has passed counts. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    for (const [id, item] of this.items) if (!this.#behind.has(id)) this.#goLater(id, item);
  }

  /**
   * Dismisses what only said that something had begun, all of it or one: it asks or is over by now, which is shown
   * elsewhere. What has become the news of an end stays.
   */
  dismissBegun(only: number | null = null): void {
    for (const [id, { tone }] of this.items) if (tone === 'begun' && (only ?? id) === id) this.dismiss(id);
  }

  /** Of what went well, only the newest matters, and what can still be undone or used. */
  #dropOutdated(newest: number): void {
    for (const [id, { tone, actions }] of this.items) {
      const isOver = (tone === 'begun' || tone === 'done') && actions.length === 0;
      if (id !== newest && isOver && !this.#behind.has(id)) this.dismiss(id);
    }
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #idOfStart(id: number | null): number | undefined {
    return id !== null && this.items.get(id)?.tone === 'begun' ? id : undefined;
  }

  /** Merges failures of one kind. A notification with its own action stays separate. */
  #idOfSame({ tone, title, description, actions }: NewsItem): number | undefined {
    if (actions.length > 0) return undefined;
    for (const [id, shown] of this.items) {
      const isSame = shown.tone === tone && shown.title === title && shown.description === description;
      if (isSame && shown.actions.length === 0) return id;
    }
    return undefined;
  }

  #goLater(id: number, { tone, actions }: NewsItem): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(
        () => {
          this.dismiss(id);
        },
        actions.length === 0 ? stayMs[tone] : stayWithActionMs,
      ),
    );
  }
}

/**
 * What is in sight of notifications, the newest last: that one, and what went wrong before it, which needs to be read.
 * What went well before it comes back if the newest goes first.
 */
export function inSight<Entry extends readonly [id: number, item: NewsItem]>(
  posted: readonly Entry[],
): readonly Entry[] {
  return posted.filter(([, { tone }], at) => at === posted.length - 1 || tone === 'partly' || tone === 'failed');
}

export const [getNewsBoard, setNewsBoard] = createContext<NewsBoard>();
