import { numberText, sizeText } from '../shared/format.ts';
import { locale, type PageKey, text } from '../shared/texts.ts';
import type { FileState } from './checked-downloads.ts';
import type { ListView } from './list-view.ts';
import type { SharedFile } from './share-data.ts';
import type { Said, Tone } from './state-text.ts';
import type { ToolsView } from './tools-view.ts';

type Ended = Exclude<FileState['at'], 'waiting' | 'running' | 'stopped'>;

const results: readonly (readonly [Ended, Tone, PageKey])[] = [
  ['verified', 'good', 'page.share.result.verified'],
  ['replaced', 'quiet', 'page.share.result.replaced'],
  ['unchecked', 'quiet', 'page.share.result.unchecked'],
  ['damaged', 'bad', 'page.share.result.damaged'],
  ['failed', 'bad', 'page.share.result.failed'],
];

/** How a run of checked downloads stands, in the rows and above the list: once a frame, since bytes come in small pieces. */
export class CheckProgress {
  readonly #files: readonly SharedFile[];
  readonly #list: ListView;
  readonly #tools: ToolsView;
  readonly #states = new Map<SharedFile, FileState>();
  readonly #changed = new Set<SharedFile>();
  #isDrawing = false;

  constructor(files: readonly SharedFile[], list: ListView, tools: ToolsView) {
    this.#files = files;
    this.#list = list;
    this.#tools = tools;
  }

  /** Shows that it begins, in the place of what was said of a run before. */
  begin(): void {
    this.#draw();
  }

  set(file: SharedFile, state: FileState): void {
    this.#states.set(file, state);
    this.#changed.add(file);
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      if (this.#changed.size > 0) this.#draw();
    });
  }

  /** Shows how it ended, in a folder of that name. Returns the files that aren't there yet. */
  end(folder: string): { readonly lines: readonly Said[]; readonly left: readonly SharedFile[] } {
    this.#drawRows();
    const states = [...this.#states.values()];
    const lines = results.flatMap(([at, tone, key]) => {
      const count = states.filter((state) => state.at === at).length;
      const values = { count, shown: numberText(count, locale), folder };
      return count === 0 ? [] : [{ tone, text: text(key, values) }];
    });
    const left = this.#files.filter((file) => isLeft(this.#states.get(file)));
    const isStopped = states.some(({ at }) => at === 'stopped');
    return { lines: isStopped ? [...lines, { tone: 'quiet', text: text('page.share.stopped') }] : lines, left };
  }

  #draw(): void {
    this.#drawRows();
    const states = [...this.#states];
    const ended = states.filter(([, { at }]) => at !== 'waiting' && at !== 'running').length;
    const bytes = states.reduce((sum, [file, state]) => sum + bytesOf(file, state), 0);
    const size = this.#files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
    const [number, all] = [numberText(ended, locale), numberText(this.#files.length, locale)];
    const said = text('page.share.checking', { number, all, size: sizeText(bytes, locale) });
    this.#tools.showWork(said, size === 0 ? ended / this.#files.length : Math.min(1, bytes / size));
  }

  #drawRows(): void {
    for (const file of this.#changed) this.#list.showState(file, this.#states.get(file) ?? { at: 'waiting' });
    this.#changed.clear();
  }
}

/** How much of a file is through, as far as that is known. */
function bytesOf({ sizeBytes }: SharedFile, state: FileState): number {
  if (state.at === 'waiting' || state.at === 'stopped') return 0;
  return state.at === 'running' ? state.bytes : (sizeBytes ?? 0);
}

function isLeft(state: FileState | undefined): boolean {
  return state === undefined || ['waiting', 'running', 'stopped', 'damaged', 'failed'].includes(state.at);
}
