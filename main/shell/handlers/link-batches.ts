import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clipboard } from 'electron';
import { makeLinks } from '../../links/link-batch.ts';
import { formatLinks, type LinkListFormat } from '../../links/link-list.ts';
import { sessionForLink } from '../../links/link-session.ts';
import { linkDraft } from '../../links/made-links.ts';
import { checkUploadRequest, makeUploadRequest } from '../../links/upload-request.ts';
import { lifetimeSeconds } from '../../links/validity.ts';
import { onFile } from '../../local-files/file-failure.ts';
import { freePath } from '../../local-files/free-path.ts';
import type { Core } from '../core.ts';
import type { Handlers, Tell } from '../ipc.ts';
import { ensureTargetFolder } from './target-folder.ts';

type BatchCalls = 'links.makeMany' | 'links.requestUploads' | 'links.checkRequest';

const fileNames: Readonly<Record<LinkListFormat, string>> = {
  text: 'links.txt',
  csv: 'links.csv',
  json: 'links.json',
  markdown: 'links.md',
  manifest: 'share.waybill.json',
};

/** At most so many failures go to the screen. */
const SHOWN_FAILURES = 1000;

/** Least time between two messages about progress, in milliseconds. */
const TELL_EVERY_MS = 100;

/** Links of many objects, and the files that carry them to others and back. */
export function linkBatchHandlers(
  { accounts, files, ledger }: Pick<Core, 'accounts' | 'files' | 'ledger'>,
  tell: Tell,
): Pick<Handlers, BatchCalls> {
  const prepare = async (accountId: string, bucket: string, options: Parameters<typeof lifetimeSeconds>[0]) => {
    const connection = await accounts.connection(accountId, bucket);
    const seconds = lifetimeSeconds(options, connection.clock.now());
    const renew = options.renewSession === true;
    return { connection, session: await sessionForLink(accounts, accountId, { seconds, renew }) };
  };
  return {
    'links.makeMany': async ({ accountId, bucket, keys, prefixes, format, folder, record, ...options }) => {
      const run = await prepare(accountId, bucket, options);
      let told = 0;
      const onProgress = (made: number): void => {
        if (performance.now() - told < TELL_EVERY_MS) return;
        told = performance.now();
        tell('links.making', { made });
      };
      const batch = await makeLinks({ ...run, onProgress }, { bucket, keys, prefixes, format, options });
      const { links, failed, validity, base } = batch;
      const madeAt = run.connection.clock.now();
      const { note = '', recipient = '' } = record ?? {};
      await ledger.record(
        links.map(({ key, versionId }) =>
          linkDraft({
            account: accounts.get(accountId),
            request: { ...options, bucket, key, versionId },
            ...{ link: validity, madeAt, record: { note, recipient, ownSession: false, renews: null } },
          }),
        ),
      );
      const text = [...formatLinks(format, { bucket, base, validUntil: validity.validUntil, madeAt }, links)].join('');
      const path = folder === null ? null : await writeInto(folder, fileNames[format], text);
      if (path === null) await clipboard.writeText(text);
      const shown = failed.slice(0, SHOWN_FAILURES);
      return { ...validity, made: links.length, path, failedCount: failed.length, failed: shown };
    },
    'links.requestUploads': async ({ accountId, bucket, prefix, slots, folder, ...options }) => {
      const { connection, session } = await prepare(accountId, bucket, options);
      const { request, validity } = makeUploadRequest(connection, session, { bucket, prefix, slots, options });
      const madeAt = connection.clock.now();
      const record = { note: '', recipient: '', ownSession: false, renews: null };
      await ledger.record(
        request.slots.map(({ key }) => {
          const upload = { ...options, method: 'PUT' as const, bucket, key, versionId: null };
          return linkDraft({ account: accounts.get(accountId), request: upload, link: validity, madeAt, record });
        }),
      );
      const path = await writeInto(folder, 'upload-request.waybill.json', `${JSON.stringify(request, null, 2)}\n`);
      return { ...validity, path, slots: request.slots.length };
    },
    'links.checkRequest': async ({ accountId, fileId }) => {
      const request = files.uploadRequest(fileId);
      const { bucket } = request;
      return { bucket, slots: await accounts.run(accountId, bucket, (open) => checkUploadRequest(open, request)) };
    },
  };
}

/** Never over a file that is there; readable by its owner alone, since links are secrets. */
async function writeInto(folder: string, name: string, text: string): Promise<string> {
  await ensureTargetFolder(folder);
  const path = await freePath(join(folder, name));
  await onFile(path, writeFile(path, text, { mode: 0o600, flag: 'wx' }));
  return path;
}
