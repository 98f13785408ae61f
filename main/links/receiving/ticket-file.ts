import { WaybillError } from '../../failure.ts';
import { isLoopback } from '../../http/authority.ts';
import { PARTS_PER_PAGE } from '../../oss/limits.ts';
import { parseSignedUrl, type SignedUrlParts } from '../../oss/signing/signed-url-parts.ts';
import { own } from '../../own.ts';
import { MAX_TICKET_LENGTH, type UploadTicket, uploadTicketSchema } from '../tickets/ticket.ts';
import { partUrls } from '../tickets/ticket-urls.ts';
import { type ClaimedLink, type FileServer, serverOfLinks } from './file-claims.ts';

/** An upload ticket as received. */
export interface ReceivedTicket extends UploadTicket {
  readonly server: FileServer;
  /** Its URLs carry a security token, which may expire before `validUntil`. */
  readonly temporary: boolean;
}

/**
 * Reads an upload ticket. Its URLs must be signed in V4, for exactly the requests of the upload, bucket and key that it
 * names, all until the moment that it names and on one server, which is reached by https unless it is this computer.
 * @throws WaybillError `input` with field `ticket`
 */
export function readTicket(text: string): ReceivedTicket {
  if (text.length > MAX_TICKET_LENGTH) throw refused('ticket-too-large');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused('ticket-damaged');
  }
  const parsed = uploadTicketSchema.safeParse(json);
  if (!parsed.success) throw refused('ticket-damaged', parsed.error.issues[0]?.path.join('.') ?? '');
  const ticket = parsed.data;
  const links = linksOf(ticket);
  const server = serverOfLinks(links, 'ticket');
  if (server === null) throw refused('ticket-damaged');
  if (links.some(({ url }) => /^http:/i.test(url)) && !isLoopback(server.host)) {
    throw refused('ticket-https', server.host);
  }
  return { ...ticket, server, temporary: links.some(({ parts }) => parts.temporary) };
}

interface TicketLink extends ClaimedLink {
  readonly parts: SignedUrlParts;
}

/** The first part's URL stands for all of them: the template lets them differ in number and signature alone. */
function linksOf(ticket: UploadTicket): readonly TicketLink[] {
  const { uploadId } = ticket;
  return [
    readUrl(ticket, partUrls(ticket)(1), { partNumber: '1', uploadId }),
    ...ticket.list.map((url, page) => {
      const marker = String(page * PARTS_PER_PAGE);
      return readUrl(ticket, url, { 'max-parts': String(PARTS_PER_PAGE), 'part-number-marker': marker, uploadId });
    }),
    readUrl(ticket, ticket.complete, { uploadId }),
  ];
}

function readUrl(
  { bucket, key, validUntil }: UploadTicket,
  url: string,
  params: Readonly<Record<string, string>>,
): TicketLink {
  const [, protocol = '', authority = '', path = '', query = ''] =
    /^(https?):\/\/([^/?]+)([^?]*)\?(.*)$/i.exec(url) ?? [];
  const reading = parseSignedUrl({ protocol, authority, path, query, fragment: '' });
  if (reading.kind !== 'link') throw refused('ticket-damaged');
  const { parts } = reading;
  const found = Object.fromEntries(parts.params);
  const isExact =
    parts.params.length === Object.keys(params).length &&
    Object.entries(params).every(([name, value]) => own(found, name) === value);
  const isSigned = parts.signVersion === 'v4' && parts.additionalHeaders.length === 0;
  if (!isExact || !isSigned || parts.validUntil !== Date.parse(validUntil)) throw refused('ticket-claims');
  return { url, parts, bucket, key };
}

function refused(rule: string, limit?: string): WaybillError {
  const failure = { kind: 'input', field: 'ticket', rule } as const;
  return new WaybillError(limit === undefined ? failure : { ...failure, limit });
}

/** What a transfer through a ticket is given. */
export function ticketLinks(ticket: ReceivedTicket): {
  readonly host: string;
  readonly put: (partNumber: number) => string;
} & Pick<
  UploadTicket,
  'bucket' | 'key' | 'uploadId' | 'sizeBytes' | 'partSizeBytes' | 'list' | 'complete' | 'completeHeaders'
> {
  const { bucket, key, uploadId, sizeBytes, partSizeBytes, list, complete, completeHeaders, server } = ticket;
  const upload = { host: server.host, bucket, key, uploadId, sizeBytes, partSizeBytes };
  return { ...upload, put: partUrls(ticket), list, complete, completeHeaders };
}
