import { sessionEndForLink } from '../../../links/making/link-session.ts';
import { formatUploadRequest, type UploadRequestFormat } from '../../../links/making/upload-request-text.ts';
import { checkUploadRequest, planUploadRequest } from '../../../links/making/upload-request.ts';
import { lifetimeSecondsOrZero } from '../../../links/making/validity.ts';
import type { Core } from '../../core.ts';
import type { Handlers } from '../../ipc.ts';
import { aclOfLink, type ConfirmPublic } from '../../security/publishing.ts';
import type { Translate } from '../../../words/translator.ts';
import { deliver } from './deliver.ts';

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
      const destination = to === 'file' ? { to, name: fileNames[format] } : { to };
      return deliver(destination, window, text, async () => {
        const asked = { bucket, prefix, slots, note, options };
        const { request: issued, validity } = await links.issueUploadRequest(accountId, asked, { note, recipient });
        return { text: formatUploadRequest(format, issued), result: { ...validity, slots: issued.slots.length } };
      });
    },
    'links.checkRequest': async ({ accountId, fileId }) => {
      const request = files.uploadRequest(fileId);
      const { bucket } = request;
      return { bucket, slots: await accounts.run(accountId, bucket, (open) => checkUploadRequest(open, request)) };
    },
  };
}
