import { resolve } from 'node:path';
import { isTicket } from '../../../links/tickets/ticket-urls.ts';
import { MAX_TICKET_LENGTH } from '../../../links/tickets/ticket.ts';
import { readTicket, ticketLinks } from '../../../links/receiving/ticket-file.ts';
import { readText } from '../../../local-files/read-text.ts';
import { formatBytes } from '../../../words/format.ts';
import { escapeControls } from '../../../words/controls.ts';
import { isoTime, type Output } from '../../terminal/output.ts';
import { sentences, text as sentence } from '../../terminal/sentences.ts';
import type { TransferOrder } from '../../transfers/transfer-order.ts';

/** The text of the ticket that `given` is the file of, or holds itself; null for anything else, such as a link. */
export async function ticketTextOf(given: string): Promise<string | null> {
  if (isTicket(given)) return given;
  if (given.trim() === '' || /^\s*https?:/i.test(given)) return null;
  const text = await readText(given.trim(), MAX_TICKET_LENGTH).catch(() => null);
  return text !== null && isTicket(text) ? text : null;
}

/**
 * The order to upload a file through a ticket. Says on stderr where it goes and until when. The same command resumes, also
 * with a new ticket for the same upload: what is noted has no signature.
 * @throws WaybillError `input` for a damaged ticket
 */
export function ticketOrder(
  text: string,
  path: string,
  out: Output,
): Pick<TransferOrder, 'identity' | 'isMine' | 'fill' | 'onFileChanged'> {
  const ticket = readTicket(text);
  const { server, bucket, key, uploadId, sizeBytes, validUntil, note } = ticket;
  const size = formatBytes(sizeBytes, sentences.locale);
  const place = { host: server.host, key: escapeControls(key), size, moment: isoTime(Date.parse(validUntil)) };
  out.say(sentence(server.bucket === null ? 'cli.ticket.place.custom' : 'cli.ticket.place', { ...place, bucket }));
  if (note !== undefined && note.trim() !== '') out.say(sentence('cli.ticket.note', { note: escapeControls(note) }));
  return {
    identity: ['ticket', bucket, key, uploadId, resolve(path)],
    isMine: (saved) =>
      saved.through === 'ticket' && saved.bucket === bucket && saved.key === key && saved.localPath === resolve(path),
    fill: (queue) => queue.addTicketUpload({ ticket: ticketLinks(ticket), path: resolve(path) }),
    onFileChanged: () => out.say(sentence('cli.ticket.file-changed', { path: escapeControls(path) })),
  };
}
