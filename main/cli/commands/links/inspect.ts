import { diagnoseLink } from '../../../links/receiving/diagnose.ts';
import { inspect } from '../../../links/receiving/inspect.ts';
import { USUAL_VALIDITY_SECONDS } from '../../../links/cdn/cdn-auth.ts';
import type { CdnFile, ReceivedLink } from '../../../links/receiving/link-card.ts';
import { type Command, type CommandContext, UsageError } from '../../arguments/command.ts';
import { diagnosisMessage } from '../../terminal/diagnosis-message.ts';
import { linkAbout, linkOptions, takeLink } from '../../arguments/link-source.ts';
import { readAnyArgs, readSeconds } from '../../arguments/options.ts';
import { type LinkFields, linkFieldsOf } from '../../../links/text/link-fields.ts';
import { escapeControls } from '../../../words/controls.ts';
import { isoTime, type Output } from '../../terminal/output.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import { noLinkMessage } from '../../terminal/no-link-message.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  ask: {
    type: 'boolean',
    meaning: "ask the server why it doesn't work by reading one byte; never writes, whatever the link is for",
  },
  'cdn-validity': {
    ...{ type: 'string', argument: 'TIME' },
    meaning: 'for a link of a CDN: the validity that is set there, such as 30m, to know its end',
  },
  ...linkOptions,
  json: {
    type: 'boolean',
    meaning: 'output as JSON, with every field of the link: its signature too, so keep it as secret',
  },
} as const satisfies OptionTable;

interface InspectValues {
  readonly json?: boolean | undefined;
  readonly ask?: boolean | undefined;
  readonly 'cdn-validity'?: string | undefined;
}

/** `inspect`: explains a signed URL without sending anything. */
export const inspectCommand: Command = {
  usage: {
    forms: [['inspect - < LINK', 'explain a signed URL and its expiry; sends nothing']],
    about: [linkAbout],
    words: ['path'],
    options,
    examples: [
      { line: 'waybill inspect - < link.txt', meaning: 'What a link is for, and until when' },
      { line: 'waybill inspect --ask --url-file link.txt', meaning: "Why it doesn't work" },
      { line: 'waybill inspect --json - < link.txt', meaning: 'Every field, as secret as the link itself' },
    ],
  },
  async run(args, context) {
    const { out } = context;
    const { values, words } = readAnyArgs(args, options);
    const { link } = await takeLink(words, ['URL'], values['url-file'], context);
    const isJson = values.json === true;
    const fields = linkFieldsOf(link);
    if (fields.reading === 'links') return answerList(fields, isJson, out);
    const { card, url } = inspect(link, Date.now());
    if (card.kind === 'cdn-link') return answerCdn(card, values, fields, out);
    if (card.kind === 'link' && url !== null) return answerLink({ url, card }, values, fields, context);
    if (isJson) await out.answer(JSON.stringify({ ...card, ...fields }));
    if (card.kind !== 'link') out.say(noLinkMessage(card));
    return 1;
  },
};

async function answerLink(
  link: { readonly url: string; readonly card: ReceivedLink },
  { ask, json }: InspectValues,
  fields: LinkFields,
  { out, dispatcher, signal }: CommandContext,
): Promise<number> {
  const { card } = link;
  const diagnosis = ask === true ? await diagnoseLink(link, dispatcher, { signal }) : undefined;
  if (json === true) {
    await out.answer(JSON.stringify({ ...toJson(card), ...fields, diagnosis }));
  } else {
    for (const line of linesOf(card)) await out.answer(line);
    if (diagnosis !== undefined) await out.answer(`answer       ${diagnosisMessage(diagnosis)}`);
  }
  return diagnosis === undefined || diagnosis.cause === 'none' ? 0 : 1;
}

/** A link of a CDN: its end is known only with the validity that is set there. */
async function answerCdn(card: CdnFile, values: InspectValues, fields: LinkFields, out: Output): Promise<number> {
  if (values.ask === true) throw new UsageError(sentence('cli.cdn.ask'));
  const { 'cdn-validity': validity } = values;
  const end = validity === undefined ? null : card.signedAt + readSeconds(validity, '--cdn-validity') * 1000;
  const state = end === null ? null : end <= Date.now() ? 'expired' : 'valid';
  const validUntil = end === null ? null : isoTime(end);
  if (values.json === true) {
    const { kind, fileName, host, key, type } = card;
    const common = { kind, fileName, host, key, type, validUntil, state };
    await out.answer(JSON.stringify({ ...fields, ...common, signedAt: isoTime(card.signedAt) }));
    return 0;
  }
  const until = validUntil === null ? unknownEnd(card) : `${validUntil} (${state ?? ''})`;
  for (const line of cdnLines(card, until)) await out.answer(line);
  return 0;
}

function* cdnLines({ key, host, exposed, type, signedAt }: CdnFile, until: string): Generator<string> {
  yield `key          ${escapeControls(key)}`;
  yield `host         ${escapeControls(host)}${exposed ? ' (not encrypted)' : ''}`;
  yield `signature    URL authentication of a CDN, type ${type}, by its form`;
  yield `time         ${isoTime(signedAt)}`;
  yield `valid until  ${until}`;
}

function unknownEnd({ signedAt }: CdnFile): string {
  const usual = isoTime(signedAt + USUAL_VALIDITY_SECONDS * 1000);
  return `unknown: the time plus the validity set at the CDN (--cdn-validity); ${usual} if that is 30m`;
}

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
