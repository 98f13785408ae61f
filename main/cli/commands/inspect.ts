import { diagnoseLink } from '../../links/receiving/diagnose.ts';
import { inspect } from '../../links/receiving/inspect.ts';
import type { ReceivedLink } from '../../links/receiving/link-card.ts';
import type { Command } from '../arguments/command.ts';
import { diagnosisMessage } from '../terminal/diagnosis-message.ts';
import { linkHelp, linkOptions, takeLink } from '../arguments/link-source.ts';
import { readAnyArgs } from '../arguments/options.ts';
import { type LinkFields, linkFieldsOf } from '../../links/text/link-fields.ts';
import { escapeControls } from '../../words/controls.ts';
import { isoTime, type Output } from '../terminal/output.ts';
import { noLinkMessage } from '../terminal/no-link-message.ts';

/** `inspect`: explains a signed URL without sending anything. */
export const inspectCommand: Command = {
  help: `inspect - < LINK         explain a signed URL and its expiry; sends nothing

${linkHelp}
  --ask                ask the server why it doesn't work by reading one byte; never writes, whatever the link is for
  --json               output as JSON, with every field of the link: its signature too, so keep it as secret`,
  async run(args, context) {
    const { out, dispatcher, signal } = context;
    const options = { ...linkOptions, json: { type: 'boolean' }, ask: { type: 'boolean' } } as const;
    const { values, words } = readAnyArgs(args, options);
    const { link } = await takeLink(words, ['URL'], values['url-file'], context);
    const isJson = values.json === true;
    const fields = linkFieldsOf(link);
    if (fields.reading === 'links') return answerList(fields, isJson, out);
    const { card, url } = inspect(link, Date.now());
    if (card.kind !== 'link' || url === null) {
      if (isJson) await out.answer(JSON.stringify({ ...card, ...fields }));
      if (card.kind !== 'link') out.say(noLinkMessage(card));
      return 1;
    }
    const diagnosis = values.ask === true ? await diagnoseLink({ url, card }, dispatcher, { signal }) : undefined;
    if (isJson) {
      await out.answer(JSON.stringify({ ...toJson(card), ...fields, diagnosis }));
    } else {
      for (const line of linesOf(card)) await out.answer(line);
      if (diagnosis !== undefined) await out.answer(`answer       ${diagnosisMessage(diagnosis)}`);
    }
    return diagnosis === undefined || diagnosis.cause === 'none' ? 0 : 1;
  },
};

/** Several links: how many, and the key of each. */
async function answerList(
  list: Extract<LinkFields, { reading: 'links' }>,
  isJson: boolean,
  out: Output,
): Promise<number> {
  if (isJson) await out.answer(JSON.stringify(list));
  else {
    await out.answer(`links        ${String(list.count)}`);
    for (const key of list.keys) await out.answer(`key          ${escapeControls(key)}`);
  }
  return 0;
}

function toJson(card: ReceivedLink): Readonly<Record<string, unknown>> {
  const { validFrom, validUntil } = card;
  // The ID is only valid inside one process.
  return {
    ...card,
    linkId: undefined,
    validFrom: validFrom === null ? null : isoTime(validFrom),
    validUntil: isoTime(validUntil),
  };
}

function* linesOf(link: ReceivedLink): Generator<string> {
  const { bucket, key, versionId, host, region, signedBy, signVersion, temporary } = link;
  yield `bucket       ${bucket ?? `(the one of ${escapeControls(host)})`}`;
  yield `key          ${escapeControls(key)}`;
  if (versionId !== null) yield `version      ${escapeControls(versionId)}`;
  yield `host         ${escapeControls(host)}${link.secure ? '' : ' (not encrypted)'}`;
  if (region !== null) yield `region       ${escapeControls(region)}`;
  yield `signature    ${signVersion.toUpperCase()}, by ${escapeControls(signedBy)}${temporary ? ' with temporary credentials' : ''}`;
  if (link.validFrom !== null) yield `valid from   ${isoTime(link.validFrom)}`;
  yield `valid until  ${isoTime(link.validUntil)}${temporary ? ' at the latest, may end earlier' : ''} (${link.state})`;
  yield* detailsOf(link);
}

function* detailsOf({ note, noteUnreadable, repaired, boundHeaders, boundParams }: ReceivedLink): Generator<string> {
  if (boundHeaders.length > 0) yield `headers      ${escapeControls(boundHeaders.join(', '))}`;
  if (note !== null) yield `made for     ${note.method}`;
  for (const [name, value] of Object.entries(note?.headers ?? {}))
    yield `must send    ${escapeControls(name)}: ${escapeControls(value)}`;
  if (noteUnreadable) yield 'made for     unknown: the part behind # is damaged';
  for (const repair of repaired) yield `repaired     ${repair}`;
  for (const [name, value] of boundParams) yield `parameter    ${escapeControls(name)}=${escapeControls(value)}`;
}
