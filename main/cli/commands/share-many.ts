import { signLinks } from '../../links/making/link-batch.ts';
import { formatLinks, type LinkListFormat } from '../../links/making/link-list.ts';
import { parseAddress } from '../arguments/address.ts';
import { type CommandContext, UsageError } from '../arguments/command.ts';
import { connect } from '../arguments/connect.ts';
import { failureWords } from '../terminal/failure-words.ts';
import { readLifetime, readLinkHost } from '../arguments/link-options.ts';
import { shown } from '../terminal/output.ts';
import type { ShareValues } from '../arguments/share-options.ts';

/** Options that are about one link. */
const single = ['method', 'version-id', 'header', 'query', 'fragment', 'snippet', 'json'] as const;

/** Prints a link for each object below a prefix. @throws UsageError, WaybillError */
export async function shareMany(text: string, values: ShareValues, context: CommandContext): Promise<number> {
  const unfit = single.find((name) => values[name] !== undefined);
  if (unfit !== undefined) throw new UsageError(`--${unfit} does not go with --recursive.`);
  const { bucket, key: prefix } = parseAddress(text);
  const format = readFormat(values.format ?? 'text');
  const connection = connect(values, context);
  const session = {
    accessKey: connection.key,
    validUntil: connection.key.securityToken === null ? null : ('unknown' as const),
  };
  const options = { ...readLifetime(values), host: readLinkHost(values['link-host']), fileName: null, open: null };
  const request = { bucket, keys: [], prefixes: [prefix], format, options };
  const batch = await signLinks({ connection, session, signal: context.signal }, request);
  const { links, failed, archived, validity, base } = batch;
  if (session.validUntil === 'unknown') {
    context.out.say('The links are signed with temporary credentials: they end with them, if that is earlier.');
  }
  const head = { bucket, base, validUntil: validity.validUntil, madeAt: connection.clock.now() };
  const list = [...formatLinks(format, head, links)].join('');
  await context.out.answer(list.replace(/\n$/, ''));
  for (const { key, failure } of failed) context.out.say(`${shown(key)}: ${failureWords(failure)}`);
  for (const key of archived) {
    context.out.say(`${shown(key)}: archived. Its link opens nothing before it is restored.`);
  }
  context.out.say(`${links.length} links, valid until ${new Date(validity.validUntil).toISOString()}.`);
  if (links.length === 0 && failed.length === 0) context.out.say('No key begins with this prefix.');
  return links.length > 0 && failed.length === 0 ? 0 : 1;
}

function readFormat(text: string): LinkListFormat {
  if (text === 'text' || text === 'csv' || text === 'json' || text === 'markdown' || text === 'manifest') return text;
  throw new UsageError('--format is text, csv, json, markdown or manifest.');
}
