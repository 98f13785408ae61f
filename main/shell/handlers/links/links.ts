import { clipboard } from 'electron';
import { WaybillError } from '../../../failure.ts';
import { previewImage } from '../../../links/making/image-preview.ts';
import { formatLink } from '../../../links/making/link-list.ts';
import { planLink } from '../../../links/making/link-plan.ts';
import { presetOptions } from '../../../links/making/link-preset.ts';
import { readNote } from '../../../links/text/link-note.ts';
import { sessionEndForLink } from '../../../links/making/link-session.ts';
import type { IssueDetails } from '../../../links/making/link-issuer.ts';
import { revocableEnd } from '../../../links/making/revocable-session.ts';
import { linkSnippets } from '../../../links/making/snippets.ts';
import { lifetimeSeconds, lifetimeSecondsOrZero, linkValidity, validityOf } from '../../../links/making/validity.ts';
import { readSignedUrl } from '../../../links/text/pasted-link.ts';
import type { ArgsOf } from '../../../contract/contract.ts';
import type { Core } from '../../core.ts';
import type { Handlers } from '../../ipc.ts';
import type { DeletionLimit } from '../../security/deletion-limit.ts';
import { aclOfLink, type ConfirmPublic } from '../../security/publishing.ts';

type LinkCalls = 'links.validity' | 'links.check' | 'links.copy' | 'links.make' | 'links.snippets' | 'links.preview';

/** Answers the calls about the links that this app issues. */
export function linkHandlers(
  { accounts, links }: Pick<Core, 'accounts' | 'links'>,
  confirmPublic: ConfirmPublic,
  limit: DeletionLimit,
): Pick<Handlers, LinkCalls> {
  return {
    'links.validity': async ({ accountId, ...lifetime }) => {
      const account = accounts.get(accountId);
      const now = accounts.serverNow(accountId);
      const clockOffsetMs = accounts.clockOffsetMs(accountId);
      const expiresSeconds = lifetimeSeconds(lifetime, now);
      const renew = lifetime.renewSession === true;
      const sessionValidUntil = await sessionEndForLink(accounts, account, { seconds: expiresSeconds, renew });
      const signVersion = lifetime.signVersion ?? account.signVersion;
      return linkValidity({ now, expiresSeconds, sessionValidUntil, signVersion, clockOffsetMs });
    },
    'links.check': async ({ accountId, revocable, ...request }) => {
      const connection = await accounts.connection(accountId, request.bucket);
      if (revocable)
        return planLink(connection, revocableEnd(accounts, accountId, { lifetime: request, role: ownRole }), request);
      const seconds = lifetimeSecondsOrZero(request, connection.clock.now());
      const renew = request.renewSession === true;
      const end = await sessionEndForLink(accounts, accounts.get(accountId), { seconds, renew });
      return planLink(connection, end, request);
    },
    'links.copy': async ({ accountId, bucket, key, as = 'url', preset }) => {
      const usual = { expiresSeconds: accounts.get(accountId).defaultExpirySeconds, open: null, process: null };
      const request = { bucket, key, versionId: null, ...presetOptions(preset ?? usual) };
      const { url, versionId, ledgerId, warnings, ...link } = await links.issue(accountId, request);
      await clipboard.writeText(formatLink(as, { key, url }));
      return { bucket, key, versionId, ledgerId, warnings, ...validityOf(link) };
    },
    'links.make': async ({ accountId, record, ...request }) => {
      await confirmPublic(request.bucket, aclOfLink(request.upload));
      if (request.method === 'DELETE') await limit.take(request.bucket, 1, 'delete-link');
      return links.issue(accountId, request, detailsOf(record));
    },
    'links.snippets': ({ text }) => {
      const reading = readSignedUrl(text);
      if (reading.kind === 'cdn') {
        return linkSnippets({ method: 'GET', headers: {}, url: reading.url, key: reading.parts.key });
      }
      if (reading.kind !== 'link') throw new WaybillError({ kind: 'link', cause: 'damaged' });
      const note = readNote(reading.fragment);
      const use = note === null || note === 'unreadable' ? { method: 'GET' as const, headers: {} } : note;
      return linkSnippets({ ...use, url: reading.url, key: reading.parts.key });
    },
    'links.preview': ({ accountId, bucket, key, versionId, process }) =>
      accounts.run(accountId, bucket, (connection) =>
        previewImage(connection, { bucket, key, versionId: versionId ?? undefined }, process),
      ),
  };
}

/** The role of the account, or the one that the practice server has. */
const ownRole = { roleArn: null };

/** What the ledger stores with links, and what signs them. */
export function detailsOf({
  revocable = false,
  ...words
}: NonNullable<ArgsOf<'links.make'>['record']> = {}): IssueDetails {
  return revocable ? { ...words, revocable: ownRole } : words;
}
