import type { ArgsOf, Transfer } from '../../../main/contract/contract.ts';
import { formatCount } from '../../../main/words/format.ts';
import type { call } from '../../lib/bridge.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';
import type { SettingsState } from '../settings.svelte.ts';
import type { TransferEndings } from '../transfers/endings.ts';
import { whyFailed } from '../transfers/why-failed.ts';

interface DownloadsNeed {
  readonly messages: Messages;
  readonly news: News;
  readonly settings: SettingsState;
  readonly endings: TransferEndings;
  readonly call: typeof call;
}

/** Starts downloads into the download folder and reports how they end. */
export class Downloads {
  readonly #need: DownloadsNeed;
  readonly #report: ReturnType<typeof reporting>;

  constructor(need: DownloadsNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** Returns once the downloads are in the queue. */
  async start(wanted: Omit<ArgsOf<'transfers.download'>, 'folder'>): Promise<void> {
    const { messages, news, settings } = this.#need;
    const { ids } = await this.#need.call('transfers.download', { ...wanted, folder: settings.downloadFolder });
    const begun = news.begun(
      messages.text('browse.download-added', this.#counted(ids.length)),
      wanted.prefixes.length === 0 ? undefined : messages.text('frozen.folders'),
    );
    void this.#finish(ids, begun);
  }

  async #finish(ids: readonly string[], begun: number): Promise<void> {
    const { endings, messages, news } = this.#need;
    const transfers = (await endings.all(ids)).filter((transfer) => transfer !== null);
    const [done] = transfers.filter(({ state }) => state.at === 'done');
    const count = transfers.filter(({ state }) => state.at === 'done').length;
    const failed = transfers.filter(({ state }) => state.at === 'failed');
    if (failed.length > 0) {
      this.#reportFailed(begun, failed, count);
    } else if (done !== undefined) {
      const title = messages.text('download.done', { ...this.#counted(count), name: done.name });
      const label = messages.text('transfers.action.show');
      const action = { label, run: () => void this.#show(done.id) };
      news.ended(begun, { tone: 'done', title, description: null, actions: [action] });
    } else news.board.dismissBegun(begun);
  }

  #reportFailed(begun: number, failed: readonly Transfer[], done: number): void {
    const { messages, news, settings } = this.#need;
    const [first] = failed;
    const title = messages.text('download.failed', { ...this.#counted(failed.length), name: first?.name ?? '' });
    const others = messages.text('download.failed.others', this.#counted(done));
    const description = done === 0 ? whyFailed(failed, messages) : others;
    const action = { label: messages.text('common.show'), run: () => void settings.set({ transfersOpen: true }) };
    news.ended(begun, { tone: 'failed', title, description, actions: [action] });
  }

  async #show(id: string): Promise<void> {
    await this.#report(() => this.#need.call('transfers.show', { id }));
  }

  #counted(count: number): { readonly count: number; readonly shown: string } {
    return { count, shown: formatCount(count, this.#need.messages.locale) };
  }
}
