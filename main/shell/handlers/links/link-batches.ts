import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clipboard, type BrowserWindow } from 'electron';
import { WaybillError } from '../../../failure.ts';
import { formatLinks, type TextListFormat } from '../../../links/making/link-list.ts';
import type { LinkBatchRequest } from '../../../links/making/link-batch.ts';
import type { IssuedBatch } from '../../../links/making/link-issuer.ts';
import { renderSharePage, titleOf } from '../../../links/pages/share-page.ts';
import { withFileErrors } from '../../../local-files/file-failure.ts';
import { freePath } from '../../../local-files/free-path.ts';
import { safeName } from '../../../local-files/safe-name.ts';
import type { Core } from '../../core.ts';
import { emitTo, type Handlers } from '../../ipc.ts';
import type { GrantedPaths } from '../../security/granted-paths.ts';
import type { DeletionLimit } from '../../security/deletion-limit.ts';
import { aclOfLink, type ConfirmPublic } from '../../security/publishing.ts';
import { detailsOf } from './links.ts';
import { ensureTargetFolder } from '../target-folder.ts';
import { throttled } from '../throttled.ts';

type BatchCalls = 'links.makeMany' | 'links.cancelMaking';

const fileNames: Readonly<Record<TextListFormat, string>> = {
  text: 'links.txt',
  csv: 'links.csv',
  json: 'links.json',
  markdown: 'links.md',
  html: 'links.html',
  manifest: 'share.waybill.json',
};

/** The most failures, and archived keys, that are sent to the page. */
const MAX_REPORTED_KEYS = 1000;

/** Least time between two progress events, in milliseconds. */
const PROGRESS_EVERY_MS = 100;

/** Answers the calls that issue links for many objects, as a file or on the clipboard. */
export function linkBatchHandlers(
  { links }: Pick<Core, 'links'>,
  paths: GrantedPaths,
  { confirmPublic, limit }: { readonly confirmPublic: ConfirmPublic; readonly limit: DeletionLimit },
): Pick<Handlers, BatchCalls> {
  const running = new WeakMap<BrowserWindow, AbortController>();
  return {
    'links.cancelMaking': (_, window) => {
      running.get(window)?.abort(new WaybillError({ kind: 'cancelled' }));
      return null;
    },
    'links.makeMany': async ({ accountId, bucket, keys, prefixes, format, folder, record, ...options }, window) => {
      if (folder !== null) paths.checkTarget(folder);
      await confirmPublic(bucket, aclOfLink(options.upload));
      // What is in a folder isn't counted before: that is always asked about.
      const count = prefixes.length === 0 ? keys.length : Infinity;
      if (options.method === 'DELETE') await limit.take(bucket, count, 'delete-link');
      const stop = new AbortController();
      running.set(window, stop);
      const onProgress = throttled(PROGRESS_EVERY_MS, (made: number) => emitTo(window, 'links.making', { made }));
      const request = { bucket, keys, prefixes, format, options };
      const watch = { signal: stop.signal, onProgress };
      const batch = await links.issueBatch(accountId, request, detailsOf(record), watch);
      const { failed, archived, validity, warnings } = batch;
      const { name, text } = await fileOf(request, batch);
      const path = folder === null ? null : await writeInto(folder, name, text);
      if (path === null) await clipboard.writeText(text);
      return {
        ...validity,
        made: batch.links.length,
        path,
        failedCount: failed.length,
        failed: failed.slice(0, MAX_REPORTED_KEYS),
        archivedCount: archived.length,
        archived: archived.slice(0, MAX_REPORTED_KEYS),
        warnings,
      };
    },
  };
}

async function fileOf(
  { bucket, keys, prefixes, format }: LinkBatchRequest,
  { base, validity, madeAt, links }: IssuedBatch,
): Promise<{ readonly name: string; readonly text: string }> {
  const { validUntil, sessionEndUnknown: endsEarlier } = validity;
  const head = { bucket, base, validUntil, madeAt };
  if (format !== 'page') return { name: fileNames[format], text: [...formatLinks(format, head, links)].join('') };
  const title = titleOf({ bucket, keys, prefixes });
  const text = await renderSharePage({ ...head, endsEarlier, title }, links);
  return { name: title === null ? 'shared-files.html' : safeName(`${title}.html`), text };
}

/** Never overwrites a file. Only its owner can read it, since links are secrets. */
async function writeInto(folder: string, name: string, text: string): Promise<string> {
  await ensureTargetFolder(folder);
  const path = await freePath(join(folder, name));
  await withFileErrors(path, writeFile(path, text, { mode: 0o600, flag: 'wx' }));
  return path;
}
