import { WaybillError } from '../../failure.ts';
import type { Translate } from '../../words/translator.ts';
import type { Question } from '../windows/question.ts';

/** Asks in the system's dialog. @returns whether the person agreed */
type Ask = (question: Question) => Promise<boolean>;

/**
 * What main asks a person itself: a page that was taken over answers its own questions, but can neither answer nor cover
 * the system's dialog. Only one question is open at a time, so that it can't wear the person out with a stack of them.
 */
export class Consent {
  readonly #ask: Ask;
  readonly #text: Translate;
  #isAsking = false;

  constructor(ask: Ask, text: Translate) {
    this.#ask = ask;
    this.#text = text;
  }

  /** Resolves if the person agrees. @throws WaybillError `cancelled` if not, or while another question is open */
  async require(question: Omit<Question, 'stay'>): Promise<void> {
    if (this.#isAsking) throw new WaybillError({ kind: 'cancelled' });
    this.#isAsking = true;
    try {
      const agrees = await this.#ask({ ...question, stay: this.#text('common.cancel') });
      if (!agrees) throw new WaybillError({ kind: 'cancelled' });
    } finally {
      this.#isAsking = false;
    }
  }
}
