import { clipboard, dialog, type BrowserWindow } from 'electron';
import { sessionEndForLink } from '../../links/making/link-session.ts';
import { formatUploadRequest, type UploadRequestFormat } from '../../links/making/upload-request-text.ts';
import { checkUploadRequest, planUploadRequest } from '../../links/making/upload-request.ts';
import { lifetimeSecondsOrZero } from '../../links/making/validity.ts';
import { replaceFile } from '../../local-files/replace-file.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import { aclOfLink, type ConfirmPublic } from '../security/publishing.ts';
import type { Translate } from '../../words/translator.ts';

type RequestCalls = 'links.checkUploads' | 'links.requestUploads' | 'links.checkRequest';

const fileNames: Readonly<Record<UploadRequestFormat, string>> = {
  request: 'upload-request.waybill.json',
  curl: 'upload-request.txt',
};

/** Answers the calls about upload requests: links that each take one file from someone else. */
export function uploadRequestHandlers(
  { accounts, files, links }: Pick<Core, 'accounts' | 'files' | 'links'>,
  text: Translate,
  confirmPublic: ConfirmPublic,
): Pick<Handlers, RequestCalls> {
  return {
    'links.checkUploads': async ({ accountId, bucket, prefix, slots, ...options }) => {
      const connection = await accounts.connection(accountId, bucket);
      const seconds = lifetimeSecondsOrZero(options, connection.clock.now());
      const renew = options.renewSession === true;
      const end = await sessionEndForLink(accounts, accounts.get(accountId), { seconds, renew });
      return planUploadRequest(connection, end, { bucket, prefix, slots, options });
    },
    'links.requestUploads': async (request, window) => {
      const { accountId, bucket, prefix, slots, note, recipient, format, to, ...options } = request;
      await confirmPublic(bucket, aclOfLink(options.upload));
      const path = to === 'file' ? await pickSavePath(window, text, fileNames[format]) : null;
      if (to === 'file' && path === null) return null;
      const asked = { bucket, prefix, slots, note, options };
      const { request: issued, validity } = await links.issueUploadRequest(accountId, asked, { note, recipient });
      const written = formatUploadRequest(format, issued);
      await (path === null ? clipboard.writeText(written) : replaceFile(path, written));
      return { ...validity, path, slots: issued.slots.length };
    },
    'links.checkRequest': async ({ accountId, fileId }) => {
      const request = files.uploadRequest(fileId);
      const { bucket } = request;
      return { bucket, slots: await accounts.run(accountId, bucket, (open) => checkUploadRequest(open, request)) };
    },
  };
}

/**
 * Shows the system's save dialog on the window, with `name` as the suggested file name. The dialog itself asks before it
 * replaces a file.
 * @returns null if the user cancels
 */
async function pickSavePath(window: BrowserWindow, text: Translate, name: string): Promise<string | null> {
  const options = { title: text('dialog.save-file'), defaultPath: name };
  const { canceled, filePath } = await dialog.showSaveDialog(window, options);
  return canceled || filePath === '' ? null : filePath;
}
