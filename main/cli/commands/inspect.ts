import { diagnoseLink } from '../../links/receiving/diagnose.ts';
import { inspect } from '../../links/receiving/inspect.ts';
import type { LinkCard, ReceivedLink } from '../../links/receiving/link-card.ts';
import type { Command } from '../arguments/command.ts';
import { causeWords } from '../terminal/cause-words.ts';
import { readArgs } from '../arguments/options.ts';
import { isoTime, shown } from '../terminal/output.ts';

/** `inspect`: what a signed URL says of itself, without sending anything. */
export const inspectCommand: Command = {
  help: `inspect URL              say what a signed URL is for and until when; nothing is sent

  --ask                ask the server why it does not work, by reading one byte; nothing is written, whatever it is for
  --json               the answer as JSON`,
  async run(args, { out, dispatcher, signal }) {
    const options = { json: { type: 'boolean' }, ask: { type: 'boolean' } } as const;
    const { values, words } = readArgs(args, options, ['URL']);
    const { card, url } = inspect(words[0] ?? '', Date.now());
    if (card.kind !== 'link' || url === null) {
      if (values.json === true) await out.answer(JSON.stringify(card));
      if (card.kind !== 'link') out.say(noLinkWords(card));
      return 1;
    }
    const diagnosis = values.ask === true ? await diagnoseLink({ url, card }, dispatcher, { signal }) : undefined;
    if (values.json === true) {
      await out.answer(JSON.stringify({ ...toJson(card), diagnosis }));
    } else {
      for (const line of linesOf(card)) await out.answer(line);
      if (diagnosis !== undefined) await out.answer(`answer       ${causeWords(diagnosis)}`);
    }
    return diagnosis === undefined || diagnosis.cause === 'none' ? 0 : 1;
  },
};

/** Why a text cannot be used as a link, and what to do. */
export function noLinkWords(card: Exclude<LinkCard, ReceivedLink>): string {
  switch (card.kind) {
    case 'damaged':
      return `The link is damaged (${card.reason}). Copy it again, from its first to its last character.`;
    case 'foreign':
      return card.service === 's3'
        ? `This is a link of Amazon S3 or a service like it (${shown(card.host)}), not of OSS. Open it in a browser.`
        : `This is no signed OSS link (${shown(card.host)}). Ask its sender for one.`;
    case 'unsigned':
      return `This is an OSS address without a signature (${shown(card.host)}). Ask its sender for a signed link.`;
    case 'not-a-link':
      return 'This is no link. Put the whole URL in quotes, since & and ? mean something to the shell.';
    default:
      return card satisfies never;
  }
}

function toJson(card: ReceivedLink): Readonly<Record<string, unknown>> {
  const { validFrom, validUntil } = card;
  // The ID means something only inside one process.
  return {
    ...card,
    linkId: undefined,
    validFrom: validFrom === null ? null : isoTime(validFrom),
    validUntil: isoTime(validUntil),
  };
}

function* linesOf(link: ReceivedLink): Generator<string> {
  const { bucket, key, versionId, host, region, signedBy, signVersion, temporary } = link;
  yield `bucket       ${bucket ?? `(the one of ${shown(host)})`}`;
  yield `key          ${shown(key)}`;
  if (versionId !== null) yield `version      ${shown(versionId)}`;
  yield `host         ${shown(host)}${link.secure ? '' : ' (not encrypted)'}`;
  if (region !== null) yield `region       ${shown(region)}`;
  yield `signature    ${signVersion.toUpperCase()}, by ${shown(signedBy)}${temporary ? ' with temporary credentials' : ''}`;
  if (link.validFrom !== null) yield `valid from   ${isoTime(link.validFrom)}`;
  yield `valid until  ${isoTime(link.validUntil)}${temporary ? ' at the latest, may end earlier' : ''} (${link.state})`;
  yield* detailsOf(link);
}

function* detailsOf({ note, noteUnreadable, repaired, boundHeaders, boundParams }: ReceivedLink): Generator<string> {
  if (boundHeaders.length > 0) yield `headers      ${shown(boundHeaders.join(', '))}`;
  if (note !== null) yield `made for     ${note.method}`;
  for (const [name, value] of Object.entries(note?.headers ?? {})) yield `must send    ${shown(name)}: ${shown(value)}`;
  if (noteUnreadable) yield 'made for     unknown: the part behind # is damaged';
  for (const repair of repaired) yield `repaired     ${repair}`;
  for (const [name, value] of boundParams) yield `parameter    ${shown(name)}=${shown(value)}`;
}
