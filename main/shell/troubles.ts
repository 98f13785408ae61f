import type { StateFile, StateTrouble } from '../contract/contract.ts';
import type { FileTrouble } from '../local-files/file-trouble.ts';

/** What went wrong with Waybill's own files: pages ask for it when they load, and hear of what follows. */
export class Troubles {
  #all: readonly StateTrouble[] = [];
  #listener: (trouble: StateTrouble) => void = () => undefined;

  get all(): readonly StateTrouble[] {
    return this.#all;
  }

  add(file: StateFile, troubles: readonly FileTrouble[]): void {
    for (const trouble of troubles) {
      const added = { file, ...trouble };
      this.#all = [...this.#all, added];
      this.#listener(added);
    }
  }

  /** Calls `listener` with each one that is added from now on. */
  onAdded(listener: (trouble: StateTrouble) => void): void {
    this.#listener = listener;
  }
}
