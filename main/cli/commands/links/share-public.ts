import { publicLink } from '../../../links/making/public-link.ts';
import { linkSnippets } from '../../../links/making/snippets.ts';
import { parseObjectAddress } from '../../arguments/address.ts';
import { cdnOptionNames } from '../../arguments/cdn-options.ts';
import type { CommandContext } from '../../arguments/command.ts';
import { connect } from '../../arguments/connect.ts';
import { readLinkHost } from '../../arguments/link-options.ts';
import { readSnippet, refuseOptions, revocableOptionNames, type ShareValues } from '../../arguments/share-options.ts';
import { text as sentence } from '../../terminal/sentences.ts';

/** What only a signed link can have. */
const ofSigned = [
  ...cdnOptionNames,
  ...revocableOptionNames,
  ...(['expires', 'until', 'method', 'version-id', 'header', 'query', 'fragment', 'recursive', 'page'] as const),
  ...(['format', 'put', 'force', 'cors'] as const),
];

/** `share --public`: prints the address of an object that everyone may read, if that is so. */
export async function sharePublic(text: string, values: ShareValues, context: CommandContext): Promise<number> {
  refuseOptions(values, ofSigned, '--public');
  const { out, signal } = context;
  const { bucket, key } = parseObjectAddress(text);
  const snippet = readSnippet(values.snippet);
  const connection = await connect(values, context, bucket);
  const link = await publicLink(connection, { bucket, key, host: readLinkHost(values['link-host']) }, signal);
  if (link.kind === 'not-public') {
    out.say(sentence(`public.not.${link.why}`));
    return 1;
  }
  const { url, warnings } = link;
  out.say(sentence('public.meaning'));
  for (const warning of warnings) out.say(sentence(`share.warning.${warning}`));
  const shown = snippet === null ? url : linkSnippets({ method: 'GET', headers: {}, url, key })[snippet];
  await out.answer(values.json === true && snippet === null ? JSON.stringify({ url, bucket, key }) : shown);
  return 0;
}
