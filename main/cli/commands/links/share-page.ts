import type { Session } from '../../../accounts/sts/credentials.ts';
import { linkEndpoint } from '../../../links/making/link-host.ts';
import type { LinkListFormat } from '../../../links/making/link-list.ts';
import { pageOpening, putPage } from '../../../links/pages/put-page.ts';
import { bucketUrl } from '../../../oss/endpoint.ts';
import { type Address, parseObjectAddress } from '../../arguments/address.ts';
import { type CommandContext, UsageError } from '../../arguments/command.ts';
import { connect } from '../../arguments/connect.ts';
import { readLinkHost } from '../../arguments/link-options.ts';
import type { ShareValues } from '../../arguments/share-options.ts';
import { text as sentence } from '../../terminal/sentences.ts';

/** Reads --put; null without it. @throws UsageError */
export function readPagePlace({ put, force }: ShareValues, format: LinkListFormat): Address | null {
  if (put === undefined) {
    if (force === true) throw new UsageError(sentence('cli.requires', { option: '--force', other: '--put' }));
    return null;
  }
  if (format !== 'page') throw new UsageError(sentence('cli.requires', { option: '--put', other: '--page' }));
  return parseObjectAddress(put);
}

/**
 * Puts a page into a bucket; says before what browsers do with it there. `shared` is the bucket of its links: the domain
 * of one bucket is none of another.
 * @returns the link to the page
 * @throws WaybillError `oss` FileAlreadyExists without --force
 */
export async function putSharePage(
  place: Address,
  html: string,
  run: {
    readonly values: ShareValues;
    readonly context: CommandContext;
    readonly validUntil: number;
    readonly shared: string;
    /** What signs the link to the page; null: the credentials of the connection. */
    readonly session: Session | null;
  },
): Promise<string> {
  const { values, context, validUntil, shared, session } = run;
  const { bucket } = place;
  const isSame = bucket === shared;
  const connection = await connect(isSame ? values : { ...values, domain: undefined }, context, bucket);
  const host = isSame ? readLinkHost(values['link-host']) : undefined;
  const endpoint = linkEndpoint(connection, host);
  const shownHost = new URL(bucketUrl(endpoint, bucket, null).origin).host;
  context.out.say(sentence(`cli.page.${pageOpening(endpoint)}`, { host: shownHost }));
  const page = { ...place, html, replaces: values.force === true, validUntil, host, signal: context.signal };
  return (await putPage(connection, session ?? connection.session, page)).url;
}
