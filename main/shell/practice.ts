import { join } from 'node:path';
import type { PracticeServer } from '../practice/server.ts';

/** The practice server, started on first use. */
export class Practice {
  readonly #dataDir: string;
  readonly #onTroubles: (troubles: PracticeServer['troubles']) => void;
  #server: Promise<PracticeServer> | null = null;

  /** `onTroubles` receives what was wrong with the files of the folder. */
  constructor(dataDir: string, onTroubles: (troubles: PracticeServer['troubles']) => void) {
    this.#dataDir = dataDir;
    this.#onTroubles = onTroubles;
  }

  /** Starts the server unless it is running. Loads its code only now, as most users never need it. */
  start(): Promise<PracticeServer> {
    this.#server ??= this.#start();
    return this.#server;
  }

  /** Stops the server if it was started. */
  async stop(): Promise<void> {
    const server = await this.#server?.catch(() => null);
    await server?.close();
  }

  async #start(): Promise<PracticeServer> {
    const { startPractice } = await import('../practice/server.ts');
    const samplesDir = join(import.meta.dirname, '..', 'assets', 'samples');
    try {
      const server = await startPractice({ dataDir: this.#dataDir, samplesDir });
      this.#onTroubles(server.troubles);
      return server;
    } catch (error) {
      this.#server = null;
      throw error;
    }
  }
}
