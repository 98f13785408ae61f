import { type CdnCheck, checkCdnLink } from '../../../links/cdn/check-cdn-link.ts';
import { type CdnLink, signCdnLink } from '../../../links/cdn/cdn-link.ts';
import { linkSnippets } from '../../../links/making/snippets.ts';
import { parseObjectAddress } from '../../arguments/address.ts';
import { readCdnDomain, readCdnKey } from '../../arguments/cdn-options.ts';
import { type CommandContext, UsageError } from '../../arguments/command.ts';
import { readLifetime } from '../../arguments/link-options.ts';
import { readSnippet, refuseOptions, revocableOptionNames, type ShareValues } from '../../arguments/share-options.ts';
import { isoTime } from '../../terminal/output.ts';
import { text as sentence } from '../../terminal/sentences.ts';

/** What only a link that OSS checks can have. */
const ofOss = [
  ...revocableOptionNames,
  ...(['public', 'method', 'version-id', 'header', 'link-host', 'fragment', 'recursive', 'page', 'format'] as const),
  ...(['put', 'force', 'cors', 'endpoint', 'region', 'sign-version', 'cname', 'domain'] as const),
];

/** `share --cdn-auth`: prints a link of a CDN domain. Sends nothing, unless asked to check. */
export async function shareCdn(text: string, values: ShareValues, context: CommandContext): Promise<number> {
  refuseOptions(values, ofOss, '--cdn-auth');
  const { bucket, key } = parseObjectAddress(text);
  const domain = readCdnDomain(values);
  const snippet = readSnippet(values.snippet);
  const options = { ...readLifetime(values), process: readProcess(values.query ?? []) };
  const owner = await readCdnKey(values, context);
  const link = signCdnLink({ domain, key, options, now: Date.now(), privateKey: owner.cdnKey });
  warn(link, values, context);
  const check = await checked(link, values, context);
  const { url, validUntil } = link;
  const json = { url, bucket, key, cdn: domain.auth.type, validUntil: isoTime(validUntil), check: check?.kind ?? null };
  const shown = values.json === true ? JSON.stringify(json) : url;
  await context.out.answer(snippet === null ? shown : linkSnippets({ method: 'GET', headers: {}, url, key })[snippet]);
  return check === null || check.kind === 'works' ? 0 : 1;
}

function warn({ warnings }: CdnLink, values: ShareValues, { out }: CommandContext): void {
  if (values['cdn-validity'] === undefined) out.say(sentence('cli.cdn.usual-validity'));
  for (const warning of warnings) out.say(sentence(`share.warning.${warning}`));
}

async function checked(link: CdnLink, values: ShareValues, context: CommandContext): Promise<CdnCheck | null> {
  if (values['cdn-check'] !== true) return null;
  const check = await checkCdnLink(link, context.dispatcher, context.signal);
  const status = check.kind === 'failed' ? String(check.status) : '';
  context.out.say(sentence(`cdn.check.${check.kind}`, { status }));
  return check;
}

/** No type authenticates parameters, so only the one that a bucket behind a CDN serves is taken. */
function readProcess(pairs: readonly string[]): string | undefined {
  const name = 'x-oss-process=';
  const [first] = pairs;
  if (first === undefined) return undefined;
  if (pairs.length === 1 && first.startsWith(name)) return first.slice(name.length);
  throw new UsageError(sentence('cli.cdn.query'));
}
