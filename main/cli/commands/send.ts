import { type Command, UsageError } from '../arguments/command.ts';
import { linkHelp, linkOptions, takeLink } from '../arguments/link-source.ts';
import { readAnyArgs, readPairs } from '../arguments/options.ts';
import { escapeControls } from '../../words/controls.ts';
import { readLink, warnIfExposed, withEnd } from '../arguments/signed-link.ts';
import { carryHelp, carryOptions, readTransferSettings } from '../arguments/transfer-options.ts';
import { refuseSeveral } from './fetch-list.ts';
import { runTransfers } from '../transfers/transfer-run.ts';
import { text as sentence } from '../terminal/sentences.ts';

/** `send`: uploads through a signed URL; no account is needed. */
export const sendCommand: Command = {
  help: `send FILE - < LINK       upload a file through a signed URL created for PUT

${linkHelp}
  --header 'Name: value'   a header that the link requires; repeatable. No others are sent, not even Content-Type.
                       Links with a fragment (#waybill=…) name them
${carryHelp}
  --json               output as JSON

The upload is verified by CRC-64. A link takes a file in one piece: after an interruption it starts over.`,
  async run(args, context) {
    const options = {
      ...carryOptions,
      ...linkOptions,
      header: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    } as const;
    const { values, words } = readAnyArgs(args, options);
    const given = await takeLink(words, ['FILE', 'URL'], values['url-file'], context);
    const [path = ''] = given.words;
    const { json } = values;
    refuseSeveral('send', given.link, context.out);
    const link = readLink(given.link, Date.now());
    const { note, url, parts } = link;
    if (note !== null && note.method !== 'PUT')
      throw new UsageError(sentence('cli.send.method', { method: note.method }));
    warnIfExposed(link, context.out);
    const headers = { ...note?.headers, ...lowerCased(readPairs(values.header ?? [], ':', '--header')) };
    const { code } = await runTransfers(
      {
        ...{ command: 'send', direction: 'up', identity: null, work: null, connection: null, nameOf: null },
        // The link's sender decided what it replaces.
        rule: 'replace',
        fill: (queue) => queue.addLinkUpload({ url, parts, path, headers }),
        answerOf: ({ bucket, key }, { verified, versionId }) =>
          json === true ? JSON.stringify({ bucket, key, verified, versionId }) : `sent ${escapeControls(key)}`,
        explain: (failure) => withEnd(failure, link),
      },
      readTransferSettings(values),
      context,
    );
    return code;
  },
};

/** Lowercases names, so that a given header replaces the link's. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
