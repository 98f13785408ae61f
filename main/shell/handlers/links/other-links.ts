import { clipboard } from 'electron';
import type { CdnIssueRequest } from '../../../links/cdn/cdn-issuer.ts';
import { publicLink } from '../../../links/making/public-link.ts';
import type { ArgsOf } from '../../../contract/contract.ts';
import type { Core } from '../../core.ts';
import type { Handlers } from '../../ipc.ts';
import type { ConfirmCdn } from '../../security/new-servers.ts';

type OtherLinkCalls = Extract<keyof Handlers, `cdn.${string}`> | 'links.public';

/** Answers the calls about links that OSS doesn't sign: those of CDN domains, and addresses of public files. */
export function otherLinkHandlers(
  { accounts, cdn, cdnDomains }: Pick<Core, 'accounts' | 'cdn' | 'cdnDomains'>,
  confirmCdn: ConfirmCdn,
): Pick<Handlers, OtherLinkCalls> {
  return {
    'cdn.list': ({ accountId, bucket }) => cdnDomains.list(accountId, bucket),
    'cdn.save': async ({ accountId, bucket, settings, cdnKey }) => {
      accounts.get(accountId);
      const { domain } = settings;
      if (!cdnDomains.has({ accountId, bucket, domain })) await confirmCdn(bucket, domain);
      await cdnDomains.save(accountId, bucket, settings, cdnKey);
      return cdnDomains.list(accountId, bucket);
    },
    'cdn.remove': async (ref) => {
      await cdnDomains.remove(ref);
      return cdnDomains.list(ref.accountId, ref.bucket);
    },
    'cdn.plan': (args) => ({ ...cdn.plan(requestOf(args)), hosts: [] }),
    'cdn.make': ({ note, recipient, ...args }) => cdn.issue(requestOf(args), { note, recipient }),
    'cdn.test': (args) => cdn.check(requestOf(args)),
    'links.public': async ({ accountId, bucket, key, copies }) => {
      const link = await accounts.run(accountId, bucket, (connection) => publicLink(connection, { bucket, key }));
      if (copies && link.kind === 'public') await clipboard.writeText(link.url);
      return link;
    },
  };
}

function requestOf({ accountId, bucket, domain, key, ...options }: ArgsOf<'cdn.plan'>): CdnIssueRequest {
  return { accountId, bucket, domain, key, options };
}
