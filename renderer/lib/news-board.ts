import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';

interface NewsAction {
  readonly label: string;
  readonly run: () => void;
}

/** One piece of news: what happened and, where there is more to say, the rest of it. */
export interface NewsItem {
  readonly tone: 'done' | 'partly' | 'failed';
  readonly title: string;
  readonly description: string | null;
  readonly action: NewsAction | null;
}

/** More would leave too little room for what the window is for. */
const shownAtOnce = 3;

const stayMs = { done: 5_000, partly: 12_000, failed: 12_000 } as const;

/** Short news, newest last. Each goes by itself after a while, unless somebody is at it. */
export class NewsBoard {
  readonly items = new SvelteMap<number, NewsItem>();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #lastId = 0;
  #isHeld = false;

  tell(item: NewsItem): void {
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

  /** The pointer or the focus is at the news: nothing goes while it is being read. */
  hold(): void {
    this.#isHeld = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  release(): void {
    this.#isHeld = false;
    for (const [id, item] of this.items) this.#goLater(id, item);
  }

  /** A hundred failures of one kind are one piece of news. What has an action of its own stands for itself. */
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
