import { type Command, UsageError } from '../../arguments/command.ts';
import { linkAbout, linkOptions, takeLink } from '../../arguments/link-source.ts';
import { jsonOption, readAnyArgs, readPairs } from '../../arguments/options.ts';
import { escapeControls } from '../../../words/controls.ts';
import { readLink, warnIfExposed, withEnd } from '../../arguments/signed-link.ts';
import { queueOptions, readTransferSettings } from '../../arguments/transfer-options.ts';
import { refuseSeveral } from './fetch-list.ts';
import { isInDoubt } from '../../transfers/doubt.ts';
import type { TransferOrder } from '../../transfers/transfer-order.ts';
import { runTransfers } from '../../transfers/transfer-run.ts';
import { ticketOrder, ticketTextOf } from './send-ticket.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  header: {
    ...{ type: 'string', multiple: true, argument: "'Name: value'" },
    meaning:
      'a header that the link requires. No others are sent, not even Content-Type. Links with a fragment (#waybill=…) name them',
  },
  ...linkOptions,
  ...queueOptions,
  ...jsonOption,
} as const satisfies OptionTable;

/** `send`: uploads through a signed URL; no account is needed. */
export const sendCommand: Command = {
  usage: {
    forms: [
      ['send FILE - < LINK', 'upload a file through a signed URL created for PUT'],
      ['send FILE TICKET', 'upload a file of any size in parts, through an upload ticket (request --ticket)'],
    ],
    about: [
      linkAbout,
      'The upload is verified by CRC-64. A link takes a file in one piece: after an interruption it starts over. With a ticket, rerun the same command to resume, also with a new ticket for the same upload: tickets are never written down. If the upload is over and it can\'t be known why, nothing is "sent": the exit code is 1, and its owner can tell.',
    ],
    words: ['path', 'path'],
    options,
    examples: [
      { line: 'waybill send report.pdf - < upload-link.txt', meaning: 'Upload through a link' },
      { line: 'waybill send video.mp4 ticket.json', meaning: 'Upload a large file through a ticket' },
    ],
  },
  async run(args, context) {
    const { values, words } = readAnyArgs(args, options);
    const given = await takeLink(words, ['FILE', 'URL'], values['url-file'], context);
    const [path = ''] = given.words;
    const { json } = values;
    const settings = readTransferSettings(values);
    const order: Pick<TransferOrder, 'command' | 'direction' | 'work' | 'connection' | 'nameOf' | 'rule' | 'answerOf'> =
      {
        ...{ command: 'send', direction: 'up', work: null, connection: null, nameOf: null },
        // The sender of the link or ticket decided what it replaces.
        rule: 'replace',
        answerOf: (transfer, done) => {
          const { bucket, key } = transfer;
          const { verified, versionId } = done;
          if (json === true) return JSON.stringify({ bucket, key, verified, versionId });
          return isInDoubt(transfer, done) ? null : `sent ${escapeControls(key)}`;
        },
      };
    const ticket = await ticketTextOf(given.link);
    if (ticket !== null) {
      if (values.header !== undefined) {
        throw new UsageError(sentence('cli.incompatible', { option: '--header', other: 'TICKET' }));
      }
      return (await runTransfers({ ...order, ...ticketOrder(ticket, path, context.out) }, settings, context)).code;
    }
    refuseSeveral('send', given.link, context.out);
    const link = readLink(given.link, Date.now());
    const { note, url, parts } = link;
    if (note !== null && note.method !== 'PUT')
      throw new UsageError(sentence('cli.send.method', { method: note.method }));
    warnIfExposed(link, context.out);
    const headers = { ...note?.headers, ...lowerCased(readPairs(values.header ?? [], ':', '--header')) };
    const one: TransferOrder = {
      ...order,
      identity: null,
      fill: (queue) => queue.addLinkUpload({ url, parts, path, headers }),
      explain: (failure) => withEnd(failure, link),
    };
    return (await runTransfers(one, settings, context)).code;
  },
};

/** Lowercases names, so that a given header replaces the link's. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
