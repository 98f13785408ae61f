// One page's connection: puts the preload in before the page's first script, and carries messages to and fro.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CdpEvent, CdpSession } from './cdp.ts';
import type { HeldPage } from './chromium.ts';
import type { FromPage, PreloadConfig, ToPage } from './messages.ts';
import mainWorld from './page/main-world.ts?script';
import preloadWorld from './page/preload-world.ts?script';

const world = 'electron-preload';

export interface PreloadOptions {
  /** Absolute path of the preload, or null. */
  readonly file: string | null;
  readonly additionalArguments: readonly string[];
}

export class PageLink {
  readonly session: CdpSession;
  readonly targetId: string;
  readonly #onMessage: (message: FromPage, document: number) => void;
  /** Changes with each document; null between two of them. */
  #document: number | null = null;
  #unsent: ToPage[] = [];

  constructor({ session, targetId }: HeldPage, onMessage: (message: FromPage, document: number) => void) {
    this.session = session;
    this.targetId = targetId;
    this.#onMessage = onMessage;
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === 'electronHost' && executionContextId === this.#document) {
        this.#onMessage(JSON.parse(payload) as FromPage, executionContextId);
      }
    });
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = (context.auxData ?? {}) as { frameId?: string };
      if (context.name !== world || frameId !== targetId) return;
      this.#document = context.id;
      this.#unsent = [];
    });
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.#document) this.#document = null;
    });
    session.on('Debugger.paused', (event) => void this.#answerPause(event));
  }

  /** Everything a page needs before it may start, in one go. */
  async prepare(preload: PreloadOptions): Promise<void> {
    const { session } = this;
    const nonce = randomBytes(18).toString('base64url');
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('DOM.enable'),
      session.send('Debugger.enable'),
      session.send('Inspector.enable'),
      session.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      session.send('Runtime.addBinding', { name: 'electronHost', executionContextName: world }),
      session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: `{ const NONCE = ${JSON.stringify(nonce)};\n${mainWorld}\n}`,
      }),
      session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: preloadScript(nonce, preload),
        worldName: world,
      }),
    ]);
  }

  /** @param document send only if the page still shows this one */
  send(message: ToPage, document = this.#document): void {
    if (this.#document === null || document !== this.#document) return;
    // Messages of one turn go out together.
    if (this.#unsent.push(message) === 1) queueMicrotask(() => this.#flush());
  }

  /** Runs `expression` in the preload's world. */
  run(expression: string): void {
    if (this.#document === null) return;
    this.session.post('Runtime.evaluate', { contextId: this.#document, expression, silent: true });
  }

  #flush(): void {
    const messages = this.#unsent;
    this.#unsent = [];
    if (messages.length > 0) this.run(`electronHostReceive(${JSON.stringify(messages)})`);
  }

  /** The page stopped in callHost() of page/host-link.ts, to learn the paths of files. */
  async #answerPause({ callFrames: [frame] }: CdpEvent<'Debugger.paused'>): Promise<void> {
    const { session } = this;
    try {
      if (frame?.functionName !== 'callHost') return;
      const evaluate = (expression: string) =>
        session.send('Debugger.evaluateOnCallFrame', {
          callFrameId: frame.callFrameId,
          expression,
          silent: true,
          objectGroup: 'electron-host',
        });
      const files = await evaluate('electronHostCall.files');
      const paths = await this.#pathsOf(files.result.objectId ?? '');
      // Awaited: a resume sent right behind can overtake it.
      await evaluate(`electronHostCall.paths = ${JSON.stringify(paths)}`);
    } catch (error) {
      console.error(error);
    } finally {
      session.post('Debugger.resume');
      session.post('Runtime.releaseObjectGroup', { objectGroup: 'electron-host' });
    }
  }

  async #pathsOf(arrayId: string): Promise<string[]> {
    const { result } = await this.session.send('Runtime.getProperties', { objectId: arrayId, ownProperties: true });
    const files = result.filter(({ name }) => /^\d+$/.test(name));
    return Promise.all(
      files.map(({ value }) =>
        this.session.send('DOM.getFileInfo', { objectId: value?.objectId ?? '' }).then(
          (info) => info.path,
          // A File made by a script has no path; Electron gives '' too.
          () => '',
        ),
      ),
    );
  }
}

function preloadScript(nonce: string, { file, additionalArguments }: PreloadOptions): string {
  const config: PreloadConfig = {
    nonce,
    file: file ?? '',
    folder: file === null ? '' : path.dirname(file),
    platform: process.platform,
    arch: process.arch,
    versions: process.versions,
    argv: [process.argv[0] ?? '', ...additionalArguments],
  };
  const code = file === null ? '' : readFileSync(file, 'utf8');
  return `{
const CONFIG = ${JSON.stringify(config)};
const PRELOAD = function (require, module, exports, process, global, __filename, __dirname) {
${code}
};
${preloadWorld}
}
//# sourceURL=electron-preload.js`;
}
