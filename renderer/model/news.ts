import type { Failure, StateTrouble } from '../../main/contract/contract.ts';
import { failureText } from '../../main/words/failure-text.ts';
import { troubleText } from '../../main/words/trouble-text.ts';
import type { Messages } from '../lib/messages.svelte.ts';
import { NewsBoard, type NewsItem } from '../lib/news-board.ts';

/** Shows notifications in the window's language. Failures stay longer. */
export class News {
  readonly board = new NewsBoard();
  readonly #messages: Messages;

  constructor(messages: Messages) {
    this.#messages = messages;
  }

  done(title: string, description?: string, action?: NewsItem['action']): void {
    this.board.post({ tone: 'done', title, description: description ?? null, action: action ?? null });
  }

  /** Under way: how it ends is shown elsewhere. */
  begun(title: string, description?: string): void {
    this.board.post({ tone: 'begun', title, description: description ?? null, action: null });
  }

  /** Done, but only in part. */
  partly(title: string, description: string): void {
    this.board.post({ tone: 'partly', title, description, action: null });
  }

  /** Something waits for a decision, which the action opens. */
  needed(title: string, description: string, action: NonNullable<NewsItem['action']>): void {
    this.board.post({ tone: 'partly', title, description, action });
  }

  /** A file of Waybill's own is damaged or can't be written. */
  trouble(trouble: StateTrouble): void {
    const { title, detail } = troubleText(trouble, this.#messages);
    this.partly(title, detail);
  }

  failed(failure: Failure): void {
    if (failure.kind === 'cancelled') return;
    const { title, next } = failureText(failure, this.#messages);
    this.board.post({ tone: 'failed', title, description: next, action: null });
  }
}
