import { clipboard } from 'electron';
import type { Accounts } from '../../accounts/accounts.ts';
import { WaybillError } from '../../failure.ts';
import type { ReceivedLinks } from '../../links/received-links.ts';
import { shareLink, type ShareRequest } from '../../links/share-link.ts';
import type { SharedLink } from '../../links/shared-link.ts';
import { effectiveEnd } from '../../links/validity.ts';
import { readSignedUrl, type SignedUrlParts } from '../../oss/signed-url.ts';
import type { TransferQueue } from '../../transfers/queue.ts';
import type { Handlers } from '../ipc.ts';
import { ensureTargetFolder } from './target-folder.ts';

type LinkCalls = Extract<keyof Handlers, `links.${string}`>;

/** Links that are made, and links that were received. */
export function linkHandlers(
  accounts: Accounts,
  received: ReceivedLinks,
  queue: TransferQueue,
): Pick<Handlers, LinkCalls> {
  const share = async (accountId: string, request: ShareRequest): Promise<SharedLink> => {
    const session = await accounts.session(accountId, request.expiresSeconds * 1000);
    return shareLink(await accounts.connection(accountId, request.bucket), session, request);
  };
  const sealed = (linkId: string): { url: string; parts: SignedUrlParts } => {
    const { url } = received.get(linkId);
    const reading = readSignedUrl(url);
    if (reading.kind !== 'link') throw new WaybillError({ kind: 'link', reason: 'malformed' });
    return { url, parts: reading.parts };
  };
  return {
    'links.validity': async ({ accountId, expiresSeconds }) => {
      const { validUntil } = await accounts.session(accountId, expiresSeconds * 1000);
      const { signVersion } = accounts.get(accountId);
      return effectiveEnd({
        now: accounts.serverNow(accountId),
        expiresSeconds,
        sessionValidUntil: validUntil,
        signVersion,
      });
    },
    'links.copy': async ({ accountId, bucket, key }) => {
      const expiresSeconds = accounts.get(accountId).defaultExpirySeconds;
      const request = { bucket, key, versionId: null, expiresSeconds, fileName: null, open: null };
      const { url, ...link } = await share(accountId, request);
      await clipboard.writeText(url);
      return link;
    },
    'links.make': ({ accountId, ...request }) => share(accountId, request),
    'links.inspect': ({ text }) => received.inspect(text),
    'links.probe': ({ linkId }) => received.probe(linkId),
    'links.download': async ({ linkId, folder, fileName }) => {
      await ensureTargetFolder(folder);
      return { transferId: queue.addLinkDownload({ ...sealed(linkId), folder, fileName }) };
    },
    'links.upload': ({ linkId, path, headers }) => {
      return { transferId: queue.addLinkUpload({ ...sealed(linkId), path, headers }) };
    },
  };
}
