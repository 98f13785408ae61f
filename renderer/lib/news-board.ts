import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';

interface NewsAction {
  readonly label: string;
  readonly run: () => void;
}

/** One notification: what happened and, if there is more, the details. */
export interface NewsItem {
  readonly tone: 'begun' | 'done' | 'partly' | 'failed';
  readonly title: string;
  readonly description: string | null;
  readonly action: NewsAction | null;
}

/** More would leave too little room for the window's content. */
const shownAtOnce = 3;

const stayMs = { begun: 5_000, done: 5_000, partly: 12_000, failed: 12_000 } as const;

/** Notifications, newest last. Each disappears after a while, unless the pointer or the focus is on it. */
export class NewsBoard {
  readonly items = new SvelteMap<number, NewsItem>();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #lastId = 0;
  #isHeld = false;

  post(item: NewsItem): void {
    const id = this.#idOfSame(item) ?? (this.#lastId += 1);
    this.items.set(id, item);
    if (!this.#isHeld) this.#goLater(id, item);
    const [oldest] = this.items.keys();
    if (this.items.size > shownAtOnce && oldest !== undefined) this.dismiss(oldest);
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.items.delete(id);
    if (this.items.size === 0) this.#isHeld = false;
  }

  /** While the pointer or the focus is on the notifications, none disappears. */
  hold(): void {
    this.#isHeld = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  release(): void {
    this.#isHeld = false;
    for (const [id, item] of this.items) this.#goLater(id, item);
  }

  /** Merges failures of one kind. A notification with its own action stays separate. */
  #idOfSame({ tone, title, description, action }: NewsItem): number | undefined {
    if (action !== null) return undefined;
    for (const [id, shown] of this.items) {
      const isSame = shown.tone === tone && shown.title === title && shown.description === description;
      if (isSame && shown.action === null) return id;
    }
    return undefined;
  }

  #goLater(id: number, { tone }: NewsItem): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => {
        this.dismiss(id);
      }, stayMs[tone]),
    );
  }
}

export const [getNewsBoard, setNewsBoard] = createContext<NewsBoard>();
