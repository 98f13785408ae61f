import type { OpenedFile } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import type { ObjectRef } from '../../lib/subjects.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';
import type { Actions } from './actions.svelte.ts';
import type { FrozenObjects } from './frozen-objects.ts';

interface OpeningNeed {
  readonly actions: Pick<Actions, 'folder' | 'selectedKey'>;
  readonly dialogs: Dialogs;
  readonly frozen: Pick<FrozenObjects, 'among'>;
  readonly news: News;
  readonly call: typeof call;
}

/** How an object is opened. */
export interface OpenWish {
  /** `chosen`: main asks for a program. */
  readonly program?: 'usual' | 'chosen';
  /** Whether the person has agreed to its size. */
  readonly isLargeFine?: boolean;
}

/** Files that other programs show. */
export class Opening {
  readonly #need: OpeningNeed;
  readonly #report: ReturnType<typeof reporting>;
  files = $state.raw<readonly OpenedFile[]>([]);

  constructor(need: OpeningNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  async load(): Promise<void> {
    this.files = await this.#need.call('editing.list', {});
  }

  apply(files: readonly OpenedFile[]): void {
    this.files = files;
  }

  /** Opens the only selected object. */
  async openSelected(wish: OpenWish = {}): Promise<void> {
    const { folder, selectedKey: key } = this.#need.actions;
    if (folder === null || key === null) return;
    await this.open({ accountId: folder.accountId, bucket: folder.bucket, key, versionId: null }, wish);
  }

  /** Opens an object or a version in another program, or asks what stands in the way. */
  async open(object: ObjectRef, { program = 'usual', isLargeFine = false }: OpenWish = {}): Promise<void> {
    const { dialogs, frozen } = this.#need;
    const { accountId, bucket, key, versionId } = object;
    const before = dialogs.current;
    await this.#report(async () => {
      const archived = versionId === null ? await frozen.among(object, [key]) : [];
      if (archived.length > 0) {
        const subject = { accountId, bucket, keys: [key], prefixes: [] };
        dialogs.openLate(before, { name: 'frozen', subject, frozen: archived });
        return;
      }
      const answer = await this.#need.call('editing.open', { accountId, bucket, key, versionId, program, isLargeFine });
      if (answer.kind !== 'opened') dialogs.openLate(before, { name: 'open-question', object, answer, program });
    });
  }

  stop(id: string): void {
    void this.#need.call('editing.stop', { id });
  }
}
