import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clipboard, type BrowserWindow } from 'electron';
import { batchPolicy } from '../../accounts/sts/policy.ts';
import { WaybillError } from '../../failure.ts';
import { roleForOwnSession } from '../../links/ledger/handed-out.ts';
import { type BatchRun, commonFolder, makeLinks } from '../../links/making/link-batch.ts';
import { formatLinks, type LinkListFormat } from '../../links/making/link-list.ts';
import type { LinkLifetime } from '../../links/making/link-options.ts';
import { sessionForLink } from '../../links/making/link-session.ts';
import { linkDraft } from '../../links/making/made-links.ts';
import { lifetimeSeconds } from '../../links/making/validity.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { freePath } from '../../local-files/free-path.ts';
import type { Core } from '../core.ts';
import { tellWindow, type Handlers } from '../ipc.ts';
import { ensureTargetFolder } from './target-folder.ts';

type BatchCalls = 'links.makeMany' | 'links.cancelMaking';

const fileNames: Readonly<Record<LinkListFormat, string>> = {
  text: 'links.txt',
  csv: 'links.csv',
  json: 'links.json',
  markdown: 'links.md',
  manifest: 'share.waybill.json',
};

/** At most so many failures, and archived keys, go to the screen. */
const SHOWN_KEYS = 1000;

/** Least time between two messages about progress, in milliseconds. */
const TELL_EVERY_MS = 100;

/** Links of many objects, and the files that carry them to others. */
export function linkBatchHandlers({ accounts, ledger }: Pick<Core, 'accounts' | 'ledger'>): Pick<Handlers, BatchCalls> {
  const making = new WeakMap<BrowserWindow, AbortController>();
  return {
    'links.cancelMaking': (_, window) => {
      making.get(window)?.abort(new WaybillError({ kind: 'cancelled' }));
      return null;
    },
    'links.makeMany': async ({ accountId, bucket, keys, prefixes, format, folder, record, ...options }, window) => {
      const stop = new AbortController();
      making.set(window, stop);
      const { signal } = stop;
      const { note = '', recipient = '', ownSession = false } = record ?? {};
      const { method = 'GET' } = options;
      const scope = { method, bucket, keys, prefixes, folder: commonFolder({ keys, prefixes }) };
      const policy = ownSession ? batchPolicy({ ...scope, pinned: format === 'manifest' }) : null;
      const run = await signerOf(accounts, { accountId, bucket }, options, policy);
      const watched = { ...run, signal, onProgress: progressTeller(window) };
      const batch = await makeLinks(watched, { bucket, keys, prefixes, format, options });
      const { links, failed, archived, validity, base } = batch;
      const madeAt = run.connection.clock.now();
      // From here on there is no way back: what the ledger holds was handed out.
      signal.throwIfAborted();
      await ledger.record(
        links.map(({ key, versionId }) =>
          linkDraft({
            account: accounts.get(accountId),
            request: { ...options, bucket, key, versionId },
            ...{ link: validity, madeAt, record: { note, recipient, ownSession, renews: null } },
          }),
        ),
      );
      const text = [...formatLinks(format, { bucket, base, validUntil: validity.validUntil, madeAt }, links)].join('');
      const path = folder === null ? null : await writeInto(folder, fileNames[format], text);
      if (path === null) await clipboard.writeText(text);
      return {
        ...validity,
        made: links.length,
        path,
        failedCount: failed.length,
        failed: failed.slice(0, SHOWN_KEYS),
        archivedCount: archived.length,
        archived: archived.slice(0, SHOWN_KEYS),
      };
    },
  };
}

/** What signs links of a bucket. With a policy it is a session of the account's role that is made for them alone. */
async function signerOf(
  accounts: Core['accounts'],
  { accountId, bucket }: { readonly accountId: string; readonly bucket: string },
  options: LinkLifetime,
  policy: string | null,
): Promise<Pick<BatchRun, 'connection' | 'session'>> {
  const connection = await accounts.connection(accountId, bucket);
  const seconds = lifetimeSeconds(options, connection.clock.now());
  const renew = options.renewSession === true;
  const session =
    policy === null
      ? await sessionForLink(accounts, accountId, { seconds, renew })
      : await accounts.assume(accountId, roleForOwnSession(accounts.get(accountId), policy, seconds));
  return { connection, session };
}

function progressTeller(window: BrowserWindow): (made: number) => void {
  let told = 0;
  return (made) => {
    if (performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    tellWindow(window, 'links.making', { made });
  };
}

/** Never over a file that is there; readable by its owner alone, since links are secrets. */
async function writeInto(folder: string, name: string, text: string): Promise<string> {
  await ensureTargetFolder(folder);
  const path = await freePath(join(folder, name));
  await withFileErrors(path, writeFile(path, text, { mode: 0o600, flag: 'wx' }));
  return path;
}
