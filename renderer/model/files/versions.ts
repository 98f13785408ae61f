import type { call } from '../../lib/bridge.ts';
import { formatCount, formatMoment } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import { isVersionId, pathOf, type VersionRow } from '../../lib/rows.ts';
import type { VersionRef } from '../../lib/subjects.ts';
import type { Actions } from './actions.svelte.ts';
import type { Browser } from '../browsing/browser.svelte.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';

interface VersionsNeed {
  readonly actions: Actions;
  readonly browser: Browser;
  readonly dialogs: Dialogs;
  readonly news: News;
  readonly messages: Messages;
  readonly call: typeof call;
}

/** The actions on older versions and delete markers. */
export class Versions {
  readonly #need: VersionsNeed;
  readonly #report: ReturnType<typeof reporting>;

  constructor(need: VersionsNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** What is selected: only versions and delete markers, or files and folders too. */
  get selection(): 'none' | 'only' | 'mixed' {
    const { list, selection } = this.#need.browser;
    if (list?.showsVersions !== true) return 'none';
    const ids = [...selection.ids];
    if (!ids.some(isVersionId)) return 'none';
    return ids.every(isVersionId) ? 'only' : 'mixed';
  }

  /** The selected rows if all of them are versions or delete markers. */
  get selected(): readonly VersionRow[] {
    const { list, selection } = this.#need.browser;
    if (list === null || this.selection !== 'only') return [];
    return list.rows.filter((row): row is VersionRow => row.kind === 'version' && selection.has(row.id));
  }

  /** The versions and delete markers of a mixed selection. */
  selectOnlyVersions(): void {
    this.#need.browser.selection.keep(isVersionId);
  }

  share(row: VersionRow): void {
    if (!row.deleteMarker) this.#need.actions.share(pathOf(row.id), row.versionId);
  }

  preview(row: VersionRow): void {
    if (!row.deleteMarker) this.#need.actions.preview(pathOf(row.id), row.versionId);
  }

  /** Downloads each into the download folder. Versions of the same object get numbers, except the first. */
  async download(rows: readonly VersionRow[]): Promise<void> {
    for (const version of this.#subjects(rows)) await this.#need.actions.downloadObject(version);
  }

  async restoreRow(row: VersionRow): Promise<void> {
    const [subject] = this.#subjects([row]);
    if (subject !== undefined) await this.restore(subject);
  }

  /** Asks before deleting versions permanently. */
  askToDelete(rows: readonly VersionRow[]): void {
    if (rows.length > 0) this.#need.dialogs.open({ name: 'delete-versions', versions: this.#subjects(rows) });
  }

  /** Removes delete markers without asking: no data is lost. */
  async bringBack(rows: readonly VersionRow[]): Promise<void> {
    await this.delete(this.#subjects(rows));
  }

  /** Deletes versions permanently, without asking. Deleting a delete marker restores its object. */
  async delete(versions: readonly VersionRef[]): Promise<void> {
    const { messages, news } = this.#need;
    const [first] = versions;
    if (first === undefined) return;
    await this.#report(async () => {
      const { accountId, bucket } = first;
      const chosen = versions.map(({ key, versionId }) => ({ key, versionId }));
      const { failedCount } = await this.#need.call('objects.deleteVersions', { accountId, bucket, versions: chosen });
      if (failedCount === 0) return;
      const count = { count: failedCount, shown: formatCount(failedCount, messages.locale) };
      news.partly(messages.text('browse.deleted.failed', count), messages.text('browse.delete.no-reason'));
    });
  }

  /** Copies a version over the current one. */
  async restore({ accountId, bucket, key, versionId, lastModified }: VersionRef): Promise<void> {
    const { messages, news } = this.#need;
    await this.#report(async () => {
      await this.#need.call('objects.restoreVersion', { accountId, bucket, key, versionId });
      news.begun(messages.text('inspector.version-restoring', { moment: formatMoment(lastModified, messages.locale) }));
    });
  }

  #subjects(rows: readonly VersionRow[]): readonly VersionRef[] {
    const { folder } = this.#need.actions;
    if (folder === null) return [];
    const { accountId, bucket } = folder;
    return rows.map(({ id, versionId, lastModified, deleteMarker }) => ({
      accountId,
      bucket,
      key: pathOf(id),
      versionId,
      lastModified,
      deleteMarker,
    }));
  }
}
