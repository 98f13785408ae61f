import type { StateFile, StateTrouble } from '../contract/contract.ts';
import type { FileTrouble } from '../local-files/file-trouble.ts';

/** What went wrong with Waybill's own files: the first page that takes one tells the person, and no page tells it again. */
export class Troubles {
  #untold: readonly StateTrouble[] = [];
  #listener: () => void = () => undefined;

  add(file: StateFile, troubles: readonly FileTrouble[]): void {
    if (troubles.length === 0) return;
    this.#untold = [...this.#untold, ...troubles.map((trouble) => ({ file, ...trouble }))];
    this.#listener();
  }

  /** Those that were not taken yet. */
  take(): readonly StateTrouble[] {
    const taken = this.#untold;
    this.#untold = [];
    return taken;
  }

  /** Calls `listener` whenever some are added from now on. */
  onAdded(listener: () => void): void {
    this.#listener = listener;
  }
}
