import { z } from 'zod';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { JsonFile, type JsonFormat } from '../../local-files/json-file.ts';

const stateSchema = z.object({
  version: z.literal(1).default(1),
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200) }).nullable(),
  maximized: z.boolean(),
});
type SavedState = z.infer<typeof stateSchema>;

/** Where a window was. */
export type WindowState = Omit<SavedState, 'version'>;

const format: JsonFormat<SavedState> = {
  version: 1,
  schema: stateSchema,
  fallback: { version: 1, bounds: null, maximized: false },
};

/** Where the last window was when it closed, saved to window.json. */
export class WindowMemory {
  /** What was wrong with the file when it was opened. */
  readonly troubles: readonly FileTrouble[];
  readonly #file: JsonFile<SavedState>;
  #current: WindowState;

  private constructor(file: JsonFile<SavedState>, current: WindowState, troubles: readonly FileTrouble[]) {
    this.#file = file;
    this.#current = current;
    this.troubles = troubles;
  }

  /** Reads the file at `path`, which may be missing or damaged. */
  static async open(path: string): Promise<WindowMemory> {
    const file = new JsonFile(path, format);
    const { value, troubles } = await file.read();
    return new WindowMemory(file, value, troubles);
  }

  get current(): WindowState {
    return this.#current;
  }

  /** Saves where a window is. A window must close even if that fails. */
  async save(state: WindowState): Promise<void> {
    this.#current = state;
    await this.#file.write({ version: 1, ...state }).catch(() => undefined);
  }
}
