import type { PermitDeletion } from '../../deleting/deletion-job.ts';
import { checkBucket } from '../../oss/names.ts';
import { Turns } from '../../local-files/turns.ts';
import type { Translate } from '../../words/translator.ts';
import type { Consent } from './consent.ts';

/** How many files and versions are deleted, moved away or given links for DELETE before main asks, in one deletion or in many; it asks again after as many. */
export const FREE_DELETIONS = 1000;

/** What takes files away: a deletion, a move once it has copied them, or a link for DELETE once it is used. */
type Taking = 'delete' | 'move' | 'delete-link';

/**
 * How much a page deletes without an answer in the system's dialog. The window's own dialog names the number of files and
 * is enough for few, but a page that was taken over answers that itself. Each answer allows what it named, and
 * FREE_DELETIONS after it.
 */
export class DeletionLimit {
  readonly #consent: Consent;
  readonly #text: Translate;
  #left = FREE_DELETIONS;
  /** Batches run side by side, and one answer counts for all of them. */
  readonly #turns = new Turns();

  constructor(consent: Consent, text: Translate) {
    this.#consent = consent;
    this.#text = text;
  }

  /** Resolves once `count` files or versions may be taken away. @throws WaybillError `cancelled` if the person refuses */
  take(bucket: string, count: number, how: Taking = 'delete'): Promise<void> {
    return this.#turns.run(async () => {
      // The name stands in the question.
      checkBucket(bucket);
      if (count <= this.#left) this.#left -= count;
      else await this.#ask(this.#text(`consent.${how}`, { bucket, count }), how);
    });
  }

  /**
   * The permit of a deletion that finds its files while it runs. The page says that there are `expected`; if there are
   * more, and more than may be deleted without an answer, the person is asked about all the rest.
   * @throws WaybillError `cancelled` if the person refuses
   */
  async open(bucket: string, expected: number): Promise<PermitDeletion> {
    await this.take(bucket, expected);
    let allowed = expected;
    const take: PermitDeletion['take'] = (count, signal) =>
      this.#turns.run(async () => {
        // A refusal stops all batches of the deletion: those that wait here don't ask again.
        signal.throwIfAborted();
        const missing = Math.max(0, count - allowed);
        if (missing > this.#left) {
          await this.#ask(this.#text('consent.delete.rest', { bucket }));
          allowed = Infinity;
        } else {
          this.#left -= missing;
          allowed += missing;
        }
        allowed -= count;
      });
    return { take, giveBack: (count) => (allowed += count) };
  }

  async #ask(message: string, how: Taking = 'delete'): Promise<void> {
    const [detail, proceed] = [this.#text(`consent.${how}.detail`), this.#text(`consent.${how}.do`)];
    await this.#consent.require({ message, detail, proceed });
    this.#left = FREE_DELETIONS;
  }
}
