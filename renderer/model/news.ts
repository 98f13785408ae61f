import type { Failure, StateTrouble } from '../../main/contract/contract.ts';
import { failureText } from '../../main/words/failure-text.ts';
import { troubleText } from '../../main/words/trouble-text.ts';
import type { Messages } from '../lib/messages.svelte.ts';
import { type NewsAction, NewsBoard, type NewsItem } from '../lib/news-board.ts';

/** Shows notifications in the window's language. Failures stay longer. */
export class News {
  readonly board: NewsBoard;
  readonly #messages: Messages;
  readonly #place: 'here' | 'window';

  constructor(messages: Messages, board = new NewsBoard(), place: 'here' | 'window' = 'here') {
    this.#messages = messages;
    this.board = board;
    this.#place = place;
  }

  /** For what the person didn't just do: an open dialog doesn't show it. */
  ofWindow(): News {
    return new News(this.#messages, this.board, 'window');
  }

  done(title: string, description?: string, action?: NewsAction): void {
    const actions = action === undefined ? [] : [action];
    this.#post({ tone: 'done', title, description: description ?? null, actions });
  }

  /** Under way. Returns an ID for `ended`, where the outcome is news as well. */
  begun(title: string, description?: string): number {
    return this.#post({ tone: 'begun', title, description: description ?? null, actions: [] });
  }

  /** The outcome of what had begun, in its place. */
  ended(begun: number, item: NewsItem): void {
    this.board.post(item, 'window', begun);
  }

  /** Done, but only in part. */
  partly(title: string, description: string): void {
    this.#post({ tone: 'partly', title, description, actions: [] });
  }

  /** Something waits for a decision, which the action opens. */
  needed(title: string, description: string, action: NewsAction): void {
    this.#post({ tone: 'partly', title, description, actions: [action] });
  }

  /** A file of Waybill's own is damaged or can't be written. */
  trouble(trouble: StateTrouble): void {
    const { title, detail } = troubleText(trouble, this.#messages);
    this.partly(title, detail);
  }

  failed(failure: Failure): void {
    if (failure.kind === 'cancelled') return;
    const { title, next } = failureText(failure, this.#messages);
    this.#post({ tone: 'failed', title, description: next, actions: [] });
  }

  #post(item: NewsItem): number {
    return this.board.post(item, this.#place);
  }
}
