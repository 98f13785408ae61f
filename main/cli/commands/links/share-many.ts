import { batchPolicy } from '../../../accounts/sts/policy.ts';
import { commonFolder, isPinned, type LinkBatch, signLinks } from '../../../links/making/link-batch.ts';
import { linkEndpoint } from '../../../links/making/link-host.ts';
import { formatLinks, type LinkListFormat } from '../../../links/making/link-list.ts';
import type { LinkOptions } from '../../../links/making/link-options.ts';
import { renderSharePage, titleOf } from '../../../links/pages/share-page.ts';
import { parseAddress } from '../../arguments/address.ts';
import { bucketUrl } from '../../../oss/endpoint.ts';
import { choiceError, type CommandContext, UsageError } from '../../arguments/command.ts';
import { connect, type EnvironmentConnection, warnOfHost } from '../../arguments/connect.ts';
import { isoTime } from '../../terminal/output.ts';
import { failureMessage } from '../../terminal/failure-message.ts';
import { readLifetime, readLinkHost } from '../../arguments/link-options.ts';
import { escapeControls } from '../../../words/controls.ts';
import { listFormats, type ShareValues } from '../../arguments/share-options.ts';
import { checkRevocable, sharingSession } from '../../revoking/sharing-session.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import { readCorsOption, warnOfCors } from '../../pages/page-cors.ts';
import { putSharePage, readPagePlace } from './share-page.ts';

/** Options that apply to a single link. */
const single = ['method', 'version-id', 'header', 'query', 'fragment', 'snippet', 'json'] as const;

/** Prints a link for each file below a prefix, or puts a page of them into a bucket. @throws UsageError, WaybillError */
export async function shareMany(text: string, values: ShareValues, context: CommandContext): Promise<number> {
  const unfit = single.find((name) => values[name] !== undefined);
  if (unfit !== undefined)
    throw new UsageError(sentence('cli.incompatible', { option: `--${unfit}`, other: '--recursive' }));
  checkRevocable(values);
  const { bucket, key: prefix } = parseAddress(text);
  const format = readFormat(values);
  const place = readPagePlace(values, format);
  const isRevocable = values.revocable === true;
  // The page's own link is revoked with those in it: one session signs them, for one bucket.
  if (isRevocable && place !== null && place.bucket !== bucket)
    throw new UsageError(
      sentence('cli.incompatible', { option: '--revocable', other: `--put oss://${place.bucket}/` }),
    );
  const connection = await connect(values, context, bucket);
  const lifetime = readLifetime(values);
  const names = { keys: place === null ? [] : [place.key], prefixes: [prefix] };
  const scope = { method: 'GET', bucket, ...names, folder: commonFolder(names), headers: {} };
  const policy = (): string => batchPolicy({ ...scope, pinned: isPinned(format) });
  const sharing = await sharingSession(connection, values, { bucket, lifetime, policy }, context);
  const { session } = sharing;
  const options = { ...lifetime, host: readLinkHost(values['link-host']), fileName: null, open: null };
  const request = { bucket, keys: [], prefixes: [prefix], format, options };
  const signed = await signLinks({ connection, session, signal: context.signal }, request);
  // A page that was put into the folder before is no part of what it shares.
  const batch = { ...signed, links: signed.links.filter(({ key }) => place?.bucket !== bucket || place.key !== key) };
  const { links, validity } = batch;
  if (session.validUntil === 'unknown') context.out.say(sentence('cli.session.links'));
  const keys = links.map(({ key }) => key);
  const endpoint = linkEndpoint(connection, options.host);
  warnOfHost(connection, { endpoint, keys }, context);
  await warnOfPageCors(connection, request, values, context);
  const list = await listOf(batch, request, connection);
  const count = links.length + (place === null ? 0 : 1);
  await sharing.handOut({ host: bucketUrl(endpoint, bucket, null).host, count }, validity);
  const run = { values, context, validUntil: validity.validUntil, shared: bucket };
  const answer =
    place === null
      ? list.replace(/\n$/, '')
      : await putSharePage(place, list, { ...run, session: isRevocable ? session : null });
  await context.out.answer(answer);
  return report(batch, context);
}

/** The page checks downloads where the bucket lets it read their checksums. */
async function warnOfPageCors(
  connection: EnvironmentConnection,
  {
    bucket,
    format,
    options,
  }: { readonly bucket: string; readonly format: LinkListFormat; readonly options: LinkOptions },
  values: ShareValues,
  context: CommandContext,
): Promise<void> {
  const cors = readCorsOption(values.cors);
  if (cors === 'remove') throw choiceError('--cors', ['add']);
  if (format !== 'page') {
    if (cors !== null) throw new UsageError(sentence('cli.requires', { option: '--cors', other: '--page' }));
    return;
  }
  const { origin, path } = bucketUrl(linkEndpoint(connection, options.host), bucket, null);
  await warnOfCors(connection, { bucket, action: origin + path, uses: 'download', cors }, context);
}

async function listOf(
  { links, base, validity }: LinkBatch,
  { bucket, keys, prefixes, format }: Parameters<typeof signLinks>[1] & { readonly options: LinkOptions },
  connection: EnvironmentConnection,
): Promise<string> {
  const { validUntil, sessionEndUnknown: endsEarlier } = validity;
  const head = { bucket, base, validUntil, madeAt: connection.clock.now() };
  if (format !== 'page') return [...formatLinks(format, head, links)].join('');
  return renderSharePage({ ...head, endsEarlier, title: titleOf({ bucket, keys, prefixes }) }, links);
}

/** Says on stderr what has no link, or one that doesn't work. @returns the exit code */
function report({ links, failed, archived, validity }: LinkBatch, { out }: CommandContext): number {
  for (const { key, failure } of failed) out.say(`${escapeControls(key)}: ${failureMessage(failure)}`);
  for (const key of archived) {
    out.say(`${escapeControls(key)}: ${sentence('cli.archived')}`);
  }
  const moment = isoTime(validity.validUntil);
  out.say(sentence('cli.links.created', { count: links.length, moment }));
  if (links.length === 0 && failed.length === 0) out.say(sentence('cli.no-matching-key'));
  return links.length > 0 && failed.length === 0 ? 0 : 1;
}

function readFormat({ format, page }: ShareValues): LinkListFormat {
  if (page === true && format !== undefined && format !== 'page')
    throw new UsageError(sentence('cli.incompatible', { option: '--page', other: `--format ${format}` }));
  const wanted = page === true ? 'page' : (format ?? 'text');
  const found = listFormats.find((name) => name === wanted);
  if (found === undefined) throw choiceError('--format', listFormats);
  return found;
}
