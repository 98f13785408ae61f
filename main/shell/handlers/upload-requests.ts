import { clipboard } from 'electron';
import { sessionEndForLink, sessionForLink } from '../../links/making/link-session.ts';
import { linkDraft } from '../../links/making/made-links.ts';
import { formatUploadRequest, type UploadRequestFormat } from '../../links/making/upload-request-text.ts';
import { checkUploadRequest, makeUploadRequest, planUploadRequest } from '../../links/making/upload-request.ts';
import { askedSeconds, lifetimeSeconds } from '../../links/making/validity.ts';
import { replaceFile } from '../../local-files/replace-file.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import type { Translate } from '../../words/translator.ts';
import { pickSavePath } from './save-path.ts';

type RequestCalls = 'links.checkUploads' | 'links.requestUploads' | 'links.checkRequest';

const fileNames: Readonly<Record<UploadRequestFormat, string>> = {
  request: 'upload-request.waybill.json',
  curl: 'upload-request.txt',
};

/** Upload requests: links that each take one file of a partner, and which of them were used. */
export function uploadRequestHandlers(
  { accounts, files, ledger }: Pick<Core, 'accounts' | 'files' | 'ledger'>,
  text: Translate,
): Pick<Handlers, RequestCalls> {
  return {
    'links.checkUploads': async ({ accountId, bucket, prefix, slots, ...options }) => {
      const connection = await accounts.connection(accountId, bucket);
      const seconds = askedSeconds(options, connection.clock.now());
      const renew = options.renewSession === true;
      const end = await sessionEndForLink(accounts, accounts.get(accountId), { seconds, renew });
      return planUploadRequest(connection, end, { bucket, prefix, slots, options });
    },
    'links.requestUploads': async (request, window) => {
      const { accountId, bucket, prefix, slots, note, recipient, format, to, ...options } = request;
      const path = to === 'file' ? await pickSavePath(window, text, fileNames[format]) : null;
      if (to === 'file' && path === null) return null;
      const connection = await accounts.connection(accountId, bucket);
      const seconds = lifetimeSeconds(options, connection.clock.now());
      const session = await sessionForLink(accounts, accountId, { seconds, renew: options.renewSession === true });
      const asked = { bucket, prefix, slots, note, options };
      const { request: made, validity } = makeUploadRequest(connection, session, asked);
      const madeAt = connection.clock.now();
      const record = { note, recipient, ownSession: false, renews: null };
      await ledger.record(
        made.slots.map(({ key }) => {
          const upload = { ...options, method: 'PUT' as const, bucket, key, versionId: null };
          return linkDraft({ account: accounts.get(accountId), request: upload, link: validity, madeAt, record });
        }),
      );
      const written = formatUploadRequest(format, made);
      await (path === null ? clipboard.writeText(written) : replaceFile(path, written));
      return { ...validity, path, slots: made.slots.length };
    },
    'links.checkRequest': async ({ accountId, fileId }) => {
      const request = files.uploadRequest(fileId);
      const { bucket } = request;
      return { bucket, slots: await accounts.run(accountId, bucket, (open) => checkUploadRequest(open, request)) };
    },
  };
}
