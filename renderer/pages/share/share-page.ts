import { button, element } from '../shared/dom.ts';
import { numberText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import { CheckProgress } from './check-progress.ts';
import { downloadChecked } from './checked-downloads.ts';
import { Choice } from './choice.ts';
import { Clock } from './clock.ts';
import { diskView } from './disk-view.ts';
import { HeaderView } from './header-view.ts';
import { ListView } from './list-view.ts';
import { type Probe, probe } from './probe.ts';
import type { Links, Share, SharedFile } from './share-data.ts';
import { startDownloads } from './started-downloads.ts';
import { canPickFolder, pickFolder, type TargetFolder } from './target-folder.ts';
import { ToolsView } from './tools-view.ts';

/** How often the time that is left is shown again, in milliseconds. */
const TICK_MS = 1000;

/** The page: what is shown, and what it does. */
export class SharePage {
  /** In order. */
  readonly elements: readonly HTMLElement[];
  readonly #share: Share;
  readonly #links: Links;
  readonly #clock = new Clock();
  readonly #choice: Choice;
  readonly #header: HeaderView;
  readonly #list: ListView;
  readonly #tools: ToolsView;
  #running: AbortController | null = null;
  #isOver = false;
  #isAsking = false;
  /** The server's time can't be had: the bucket shows a page nothing, or not that. */
  #isTimeHidden = false;

  constructor(share: Share, links: Links) {
    this.#share = share;
    this.#links = links;
    this.#choice = new Choice(share.files, locale);
    this.#header = new HeaderView(share);
    this.#tools = new ToolsView(this.#choice, {
      search: (query) => {
        this.#choice.search(query);
        this.#list.showFiles();
      },
      start: () => void this.#start(),
      check: () => void this.#check(this.#choice.wanted, null),
      stop: () => this.#running?.abort(),
    });
    const mayFollow = (): boolean => !this.#isDue();
    this.#list = new ListView(this.#choice, { links, mayFollow }, () => this.#tools.showChoice());
    const notes = element(
      'footer',
      {},
      diskView(share.files, (file, state) => this.#list.showState(file, state)),
      element('p', {}, text('page.share.waybill')),
      element('p', {}, text('page.share.secret')),
    );
    const main = element('main', {}, this.#tools.element, this.#list.element);
    this.elements = [this.#header.element, main, notes];
  }

  /** Shows how long it lasts, and finds out what the bucket lets the page do. */
  async start(): Promise<void> {
    this.#tick();
    await this.#ask();
  }

  #tick(): void {
    if (this.#isOver) return;
    this.#header.showLeft(this.#clock.now());
    void this.#isDue();
    setTimeout(() => this.#tick(), TICK_MS);
  }

  /**
   * Whether the links have expired. Asks the server before it says so, since the device's clock may be wrong; where that
   * can't be asked, the links stay.
   */
  #isDue(): boolean {
    if (this.#isOver || this.#clock.now() < this.#share.validUntil || this.#isTimeHidden) return this.#isOver;
    void this.#ask();
    return this.#clock.isKnown;
  }

  /** Asks for a byte of the smallest file: whether links work, what time it is, and whether checks are possible. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const url = this.#urlOfSmallest();
    const found: Probe = url === null ? { kind: 'hidden' } : await probe(url);
    this.#isAsking = false;
    if (found.kind !== 'hidden') this.#clock.learn(found.date);
    if (found.kind === 'works' && found.date === null) this.#clock.isBefore(this.#share.validUntil);
    this.#isTimeHidden = found.kind !== 'works' && !this.#clock.isKnown;
    if (this.#hasEnded(found)) this.#end();
    else if (found.kind !== 'hidden' && canPickFolder()) this.#tools.offerCheck();
  }

  #hasEnded(found: Probe): boolean {
    if (found.kind === 'fails' && found.trouble.kind === 'expired') return true;
    return this.#clock.isKnown && this.#clock.now() >= this.#share.validUntil;
  }

  #urlOfSmallest(): string | null {
    const [first, ...others] = this.#share.files;
    if (first === undefined) return null;
    const sizeOf = ({ sizeBytes }: SharedFile): number => sizeBytes || Infinity;
    return this.#links.download(others.reduce((least, file) => (sizeOf(file) < sizeOf(least) ? file : least), first));
  }

  /** Takes all links out of the page, and out of its data. */
  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#running?.abort();
    this.#links.forget();
    document.getElementById('data')?.remove();
    this.#list.removeLinks();
    this.#tools.element.remove();
    this.#header.showEnd();
  }

  async #start(): Promise<void> {
    const files = this.#choice.wanted;
    if (this.#running !== null || this.#isDue()) return;
    const { signal } = (this.#running = new AbortController());
    const all = numberText(files.length, locale);
    const onStart = (number: number): void => {
      const said = text('page.share.starting', { number: numberText(number, locale), all });
      this.#tools.showWork(said, number / files.length);
    };
    const urls = files.map((file) => () => (this.#isDue() ? null : this.#links.download(file)));
    const count = await startDownloads(urls, { signal, onStart });
    this.#running = null;
    const said = text('page.share.started', { count, shown: numberText(count, locale) });
    this.#tools.showResult([{ tone: 'quiet', text: said }]);
  }

  /** Downloads files into a folder and checks each. `again`: the folder of the run before. */
  async #check(files: readonly SharedFile[], again: TargetFolder | null): Promise<void> {
    if (this.#running !== null || this.#isDue()) return;
    const target = again ?? (await pickFolder());
    if (target === null) return;
    const { signal } = (this.#running = new AbortController());
    const progress = new CheckProgress(files, this.#list, this.#tools);
    progress.begin();
    await downloadChecked(files, {
      ...{ target, signal },
      urlOf: (file) => this.#links.download(file),
      onState: (file, state) => progress.set(file, state),
      onDate: (date) => this.#clock.learn(date),
    });
    this.#running = null;
    const { lines, left } = progress.end(target.name);
    const retry = button(text('page.retry'), () => void this.#check(left, target));
    this.#tools.showResult(lines, left.length === 0 ? null : retry);
  }
}
