import type { LinkPreset, LinkTextFormat, LinkValidity, Results } from '../../../main/contract/contract.ts';
import { untilByServerText } from '../../../main/words/clock-text.ts';
import { formatCount, formatLength, formatMoment } from '../../../main/words/format.ts';
import { failing } from '../../../main/words/link-warnings.ts';
import type { call } from '../../lib/bridge.ts';
import { lastSegment, visibleSegment } from '../../lib/key-text.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import { toAddress } from '../../lib/place.ts';
import type { BucketRef, ObjectsRef } from '../../lib/subjects.ts';
import type { AccountList } from '../accounts.svelte.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';
import type { FrozenObjects } from './frozen-objects.ts';

interface LinkCopiesNeed {
  readonly accounts: AccountList;
  readonly dialogs: Dialogs;
  readonly frozen: FrozenObjects;
  readonly messages: Messages;
  readonly news: News;
  readonly call: typeof call;
}

/** What a copied link is like, where it isn't the usual one. */
interface CopyOptions {
  readonly as?: LinkTextFormat;
  readonly preset?: LinkPreset;
}

/** From here on it takes a while: the dialog shows how far it is, and can be cancelled. */
const mostAtOnce = 1000;

/** Has main create links and put them on the clipboard. The links themselves never reach the window. */
export class LinkCopies {
  readonly #need: LinkCopiesNeed;
  readonly #report: ReturnType<typeof reporting>;

  constructor(need: LinkCopiesNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** Copies a link by the preset or the account's default expiry, and reports when it expires. */
  async copyOne({ accountId, bucket }: BucketRef, key: string, how: CopyOptions = {}): Promise<void> {
    await this.#report(async () => {
      const { dialogs, frozen, messages, news } = this.#need;
      // Such a link fails until the object is restored: the dialog warns before it is sent.
      if ((await frozen.among({ accountId, bucket }, [key])).length > 0) {
        dialogs.openLate(null, { name: 'share', object: { accountId, bucket, key, versionId: null } });
        return;
      }
      const link = await this.#need.call('links.copy', { accountId, bucket, key, ...how });
      const copied = messages.text('browse.link-copied', { name: visibleSegment(lastSegment(key)) });
      const [warning] = failing(link);
      if (warning === undefined) news.done(copied, this.#untilText(link));
      else news.partly(copied, messages.text(`share.warning.${warning}`));
    });
  }

  /**
   * Copies a link of each object, one a line or as a list. The dialog takes over where there is something to decide first: folders,
   * whose contents nobody has seen, archived objects, and more than a thousand.
   */
  async copyMany(subject: ObjectsRef, as: LinkTextFormat = 'url'): Promise<void> {
    const [key, ...others] = subject.keys;
    if (key !== undefined && others.length + subject.prefixes.length === 0) {
      await this.copyOne(subject, key, as === 'url' ? {} : { as });
      return;
    }
    await this.#report(async () => {
      const { accounts, dialogs, frozen } = this.#need;
      const { accountId, bucket, keys, prefixes } = subject;
      const isLarge = prefixes.length > 0 || keys.length > mostAtOnce;
      if (isLarge || (await frozen.among(subject, keys)).length > 0) {
        dialogs.openLate(null, { name: 'share-many', subject });
        return;
      }
      const expiresSeconds = accounts.get(accountId)?.defaultExpirySeconds ?? 3600;
      const format = as === 'url' ? 'text' : as;
      const request = { accountId, bucket, keys: [...keys], prefixes: [], expiresSeconds, fileName: null, open: null };
      this.#reportMany(await this.#need.call('links.makeMany', { ...request, format, folder: null }));
    });
  }

  /** Copies the addresses of objects and folders, one a line: they are no secret, and open nothing by themselves. */
  async copyAddresses({ bucket, keys, prefixes }: ObjectsRef): Promise<void> {
    await this.#report(async () => {
      const { messages, news } = this.#need;
      const addresses = [...prefixes, ...keys].map((prefix) => toAddress({ bucket, prefix }));
      await this.#need.call('clipboard.copy', { text: addresses.join('\n') });
      const { length: count } = addresses;
      news.done(messages.text('browse.addresses-copied', { count, shown: formatCount(count, messages.locale) }));
    });
  }

  #reportMany(result: Results['links.makeMany']): void {
    const { messages, news } = this.#need;
    const { text } = messages;
    const counted = (count: number) => ({ count, shown: formatCount(count, messages.locale) });
    const { made, failedCount } = result;
    const copied = text('share.many.copied', counted(made));
    const [warning] = failing(result);
    if (failedCount > 0) news.partly(copied, text('share.many.failed', counted(failedCount)));
    else if (warning !== undefined) news.partly(copied, text(`share.warning.${warning}`));
    else news.done(copied, this.#untilText(result));
  }

  #untilText(link: LinkValidity): string {
    const { messages } = this.#need;
    const now = Date.now();
    const until = {
      moment: formatMoment(link.validUntil, messages.locale),
      length: formatLength(link.validUntil - now, messages.locale),
    };
    return (
      untilByServerText(link, now, messages) ??
      messages.text(link.sessionEndUnknown ? 'browse.link-until.at-latest' : 'share.until.left', until)
    );
  }
}
