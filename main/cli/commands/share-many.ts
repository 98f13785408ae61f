import { signLinks } from '../../links/making/link-batch.ts';
import { linkEndpoint } from '../../links/making/link-host.ts';
import { formatLinks, type LinkListFormat } from '../../links/making/link-list.ts';
import { parseAddress } from '../arguments/address.ts';
import { choiceError, type CommandContext, UsageError } from '../arguments/command.ts';
import { connect, warnOfHost } from '../arguments/connect.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { readLifetime, readLinkHost } from '../arguments/link-options.ts';
import { escapeControls } from '../../words/controls.ts';
import type { ShareValues } from '../arguments/share-options.ts';
import { text as sentence } from '../terminal/sentences.ts';

/** Options that apply to a single link. */
const single = ['method', 'version-id', 'header', 'query', 'fragment', 'snippet', 'json'] as const;

/** Prints a link for each file below a prefix. @throws UsageError, WaybillError */
export async function shareMany(text: string, values: ShareValues, context: CommandContext): Promise<number> {
  const unfit = single.find((name) => values[name] !== undefined);
  if (unfit !== undefined)
    throw new UsageError(sentence('cli.incompatible', { option: `--${unfit}`, other: '--recursive' }));
  const { bucket, key: prefix } = parseAddress(text);
  const format = readFormat(values.format ?? 'text');
  const connection = await connect(values, context, bucket);
  const session = {
    accessKey: connection.key,
    validUntil: connection.key.securityToken === null ? null : ('unknown' as const),
  };
  const options = { ...readLifetime(values), host: readLinkHost(values['link-host']), fileName: null, open: null };
  const request = { bucket, keys: [], prefixes: [prefix], format, options };
  const batch = await signLinks({ connection, session, signal: context.signal }, request);
  const { links, failed, archived, validity, base } = batch;
  if (session.validUntil === 'unknown') {
    context.out.say(sentence('cli.session.links'));
  }
  const keys = links.map(({ key }) => key);
  warnOfHost(connection, { endpoint: linkEndpoint(connection, options.host), keys }, context);
  const head = { bucket, base, validUntil: validity.validUntil, madeAt: connection.clock.now() };
  const list = [...formatLinks(format, head, links)].join('');
  await context.out.answer(list.replace(/\n$/, ''));
  for (const { key, failure } of failed) context.out.say(`${escapeControls(key)}: ${failureMessage(failure)}`);
  for (const key of archived) {
    context.out.say(`${escapeControls(key)}: ${sentence('cli.archived')}`);
  }
  const moment = new Date(validity.validUntil).toISOString();
  context.out.say(sentence('cli.links.created', { count: links.length, moment }));
  if (links.length === 0 && failed.length === 0) context.out.say(sentence('cli.no-matching-key'));
  return links.length > 0 && failed.length === 0 ? 0 : 1;
}

function readFormat(text: string): LinkListFormat {
  if (text === 'text' || text === 'csv' || text === 'json' || text === 'markdown' || text === 'manifest') return text;
  throw choiceError('--format', ['text', 'csv', 'json', 'markdown', 'manifest']);
}
