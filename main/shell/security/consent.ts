import { WaybillError } from '../../failure.ts';
import { Turns } from '../../local-files/turns.ts';
import type { Translate } from '../../words/translator.ts';
import type { Question } from '../windows/question.ts';

/** Asks in the system's dialog. @returns whether the person agreed */
type Ask = (question: Question) => Promise<boolean>;

/** After so many refusals in a row, each further one is followed by a pause, in milliseconds. */
const FREE_REFUSALS = 5;
const PAUSE_MS = 60_000;

/** Dependencies of Consent. `now` is in milliseconds. */
interface ConsentParts {
  readonly ask: Ask;
  readonly text: Translate;
  readonly isLocked: () => boolean;
  readonly now?: () => number;
}

/**
 * What main asks a person itself: a page that was taken over answers its own questions, but can neither answer nor cover
 * the system's dialog. Questions wait for each other. A page that asks again and again doesn't wear the person out: after
 * several refusals in a row its questions are refused unseen for a while.
 */
export class Consent {
  readonly #parts: ConsentParts;
  readonly #now: () => number;
  readonly #turns = new Turns();
  #refusals = 0;
  #nextQuestionAt = 0;

  constructor(parts: ConsentParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
  }

  /**
   * Resolves if the person agrees. @throws WaybillError `cancelled` if not, during a pause, and if Waybill is locked when
   * the answer comes: anyone may have given it
   */
  require(question: Omit<Question, 'stay'>): Promise<void> {
    return this.#turns.run(async () => {
      if (!(await this.#agrees(question))) throw new WaybillError({ kind: 'cancelled' });
    });
  }

  async #agrees(question: Omit<Question, 'stay'>): Promise<boolean> {
    const { ask, text, isLocked } = this.#parts;
    if (isLocked() || this.#now() < this.#nextQuestionAt) return false;
    const agrees = await ask({ ...question, stay: text('common.cancel') });
    if (isLocked()) return false;
    this.#refusals = agrees ? 0 : this.#refusals + 1;
    if (this.#refusals >= FREE_REFUSALS) this.#nextQuestionAt = this.#now() + PAUSE_MS;
    return agrees;
  }
}
