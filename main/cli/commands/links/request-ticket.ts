import { WaybillError } from '../../../failure.ts';
import { ticketPolicy } from '../../../accounts/sts/policy.ts';
import { linkEndpoint } from '../../../links/making/link-host.ts';
import { type ReceivedTicket, readTicket } from '../../../links/receiving/ticket-file.ts';
import { checkTicket, endTicket, type TicketState } from '../../../links/tickets/end-ticket.ts';
import { type IssuedTicket, issueTicket, renewTicket } from '../../../links/tickets/issue-ticket.ts';
import { ticketParts } from '../../../links/tickets/ticket-parts.ts';
import { MAX_TICKET_LENGTH } from '../../../links/tickets/ticket.ts';
import type { TicketRequest } from '../../../links/tickets/ticket-request.ts';
import { readText } from '../../../local-files/read-text.ts';
import { formatBytes } from '../../../words/format.ts';
import { parseObjectAddress } from '../../arguments/address.ts';
import { type CommandContext, UsageError } from '../../arguments/command.ts';
import { connect, type EnvironmentConnection, warnOfHost } from '../../arguments/connect.ts';
import { readLifetime, readLinkHost } from '../../arguments/link-options.ts';
import { readBytes, readPairs } from '../../arguments/options.ts';
import { readStorageClass, type RequestValues } from '../../arguments/request-options.ts';
import { signingSession } from '../../arguments/signing-session.ts';
import { askVersioning, warnOfVersions } from '../../arguments/versions-warning.ts';
import { isoTime, storedText } from '../../terminal/output.ts';
import { sentences, text as sentence } from '../../terminal/sentences.ts';

/** What an upload is started with: a new ticket for it can't change that. */
const ofUpload = ['content-type', 'storage-class', 'tag'] as const;

/** Options of `request` that have no meaning for a ticket. */
const foreign = ['slots', 'names', 'form', 'cors', 'types', 'min-size', 'max-size', 'acl', 'inline', 'large'] as const;

/** `request --ticket`: starts an upload and prints a ticket for it. */
export async function requestTicket(text: string, values: RequestValues, context: CommandContext): Promise<number> {
  checkOptions(values, '--ticket');
  const { bucket, key } = parseObjectAddress(text);
  if (key.endsWith('/')) throw new UsageError(sentence('cli.no-key', { text }));
  if (values.size === undefined)
    throw new UsageError(sentence('cli.requires', { option: '--ticket', other: '--size' }));
  const request: TicketRequest = {
    ...{ bucket, key, sizeBytes: readBytes(values.size, '--size'), note: values.note },
    ...{ ...readLifetime(values), host: readLinkHost(values['link-host']), upload: readUpload(values) },
  };
  const connection = await connect(values, context, bucket);
  const session = await signingSession(connection, values, { lifetime: request, policy: () => ticketPolicy(request) });
  const issued = await issueTicket(connection, session, request, context.signal);
  return answer(connection, issued, values, context);
}

/**
 * `request --renew`: prints another ticket for the upload of a ticket; parts that were sent stay. Whoever had the file may
 * have edited it, so nothing is allowed because it says so.
 */
export async function renewTicketFile(values: RequestValues, context: CommandContext): Promise<number> {
  checkOptions(values, '--renew');
  const ticket = await readTicketFile(values.renew ?? '');
  checkPlan(ticket, values);
  const { bucket, key } = ticket;
  const forbidOverwrite = values['allow-overwrite'] !== true;
  const terms = { ...readLifetime(values), host: readLinkHost(values['link-host']), note: values.note ?? ticket.note };
  const connection = await connect(values, context, bucket);
  const policy = (): string => ticketPolicy({ bucket, key });
  const session = await signingSession(connection, values, { lifetime: terms, policy });
  const issued = await renewTicket(connection, session, { ...ticket, forbidOverwrite }, terms);
  sayOfFile(ticket, values, context);
  return answer(connection, issued, values, context);
}

/** `request --check` of a ticket. @returns 1 until its file is stored: an object that is older isn't it */
export async function checkTicketFile(text: string, values: RequestValues, context: CommandContext): Promise<number> {
  const ticket = readTicket(text);
  const connection = await connect(values, context, ticket.bucket);
  const state = await checkTicket(connection, { ...ticket, madeAt: Date.parse(ticket.madeAt) }, context.signal);
  const shown = state.state === 'stored' ? { ...state, lastModified: isoTime(state.lastModified) } : state;
  await context.out.answer(values.json === true ? JSON.stringify(shown) : lineOf(state, ticket));
  return state.state === 'stored' && !state.older ? 0 : 1;
}

/** `request --end` of a ticket: aborts its upload. */
export async function endTicketFile(text: string, values: RequestValues, context: CommandContext): Promise<number> {
  const ticket = readTicket(text);
  const wasOpen = await endTicket(await connect(values, context, ticket.bucket), ticket);
  context.out.say(sentence(wasOpen ? 'cli.ticket.ended' : 'cli.ticket.was-over'));
  return 0;
}

/** @throws UsageError unless a ticket file says the size of --size; WaybillError `input` for other parts than it then has */
function checkPlan({ sizeBytes, partSizeBytes }: ReceivedTicket, { size }: RequestValues): void {
  if (size !== undefined && readBytes(size, '--size') !== sizeBytes) {
    throw new UsageError(sentence('cli.ticket.renew.other-size', { size: formatBytes(sizeBytes, sentences.locale) }));
  }
  if (ticketParts(sizeBytes).partSizeBytes !== partSizeBytes) {
    throw new WaybillError({ kind: 'input', field: 'ticket', rule: 'ticket-claims' });
  }
}

/** Says what a new ticket has from the file of the old one, and what it hasn't. */
function sayOfFile(
  { sizeBytes, completeHeaders }: ReceivedTicket,
  values: RequestValues,
  { out }: CommandContext,
): void {
  if (values.size === undefined) {
    out.say(sentence('cli.ticket.renew.size', { size: formatBytes(sizeBytes, sentences.locale) }));
  }
  const wasAllowed = completeHeaders['x-oss-forbid-overwrite'] !== 'true';
  if (wasAllowed && values['allow-overwrite'] !== true) out.say(sentence('cli.ticket.renew.keeps'));
}

async function readTicketFile(path: string): Promise<ReceivedTicket> {
  return readTicket((await readText(path, MAX_TICKET_LENGTH)) ?? '');
}

function checkOptions(values: RequestValues, option: '--ticket' | '--renew'): void {
  const names = option === '--renew' ? [...foreign, ...ofUpload] : foreign;
  const other = names.find((name) => Object.hasOwn(values, name));
  if (other !== undefined) throw new UsageError(sentence('cli.incompatible', { option: `--${other}`, other: option }));
}

function readUpload(values: RequestValues): TicketRequest['upload'] {
  const { 'content-type': contentType } = values;
  const storageClass = readStorageClass(values['storage-class']);
  const tags = readPairs(values.tag ?? [], '=', '--tag');
  return {
    forbidOverwrite: values['allow-overwrite'] !== true,
    ...(contentType === undefined ? {} : { contentType }),
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  };
}

async function answer(
  connection: EnvironmentConnection,
  { ticket, validity }: IssuedTicket,
  values: RequestValues,
  context: CommandContext,
): Promise<number> {
  const { out } = context;
  const { locale } = sentences;
  const { sizeBytes, parts, partSizeBytes } = ticket;
  warnOfHost(connection, { endpoint: linkEndpoint(connection, readLinkHost(values['link-host'])) }, context);
  if (values['allow-overwrite'] !== true) {
    warnOfVersions(await askVersioning(connection, ticket.bucket, context), ticket, 'cli.ticket.versions', context);
  }
  const size = formatBytes(sizeBytes, locale);
  out.say(sentence('cli.ticket.made', { size, count: parts, partSize: formatBytes(partSizeBytes, locale) }));
  if (values['role-arn'] === undefined) {
    const { accessKeyId: id, securityToken } = connection.session.accessKey;
    out.say(sentence(securityToken === null ? 'cli.ticket.key' : 'cli.ticket.session', { id }));
  }
  if (validity.limitedBy === 'session') out.say(sentence('cli.ticket.limited.session'));
  if (validity.limitedBy === 'v4-limit') out.say(sentence('cli.ticket.limited.week'));
  out.say(sentence('cli.valid-until', { moment: isoTime(validity.validUntil) }));
  await out.answer(JSON.stringify(ticket, null, values.json === true ? 0 : 2));
  return 0;
}

function lineOf(state: TicketState, ticket: ReceivedTicket): string {
  switch (state.state) {
    case 'open':
      return `open    ${state.parts} of ${ticket.parts} parts, ${state.sentBytes} bytes`;
    case 'stored':
      return `stored  ${storedText(state)}, ${isoTime(state.lastModified)}${state.older ? ' (older than the ticket)' : ''}`;
    case 'ended':
      return 'ended';
    default:
      return state satisfies never;
  }
}
