import { uploadThroughLink } from '../transfers/link-upload.ts';
import { type Command, UsageError } from './command.ts';
import { silent } from './moves.ts';
import { readArgs, readPairs } from './options.ts';
import { shown } from './output.ts';
import { readLink, withEnd } from './signed-link.ts';

/** `send`: uploads through a signed URL; no account is needed. */
export const sendCommand: Command = {
  help: `send FILE URL            upload a file through a signed URL that was made for PUT

  --header 'Name: value'   a header that the maker of the link named; may be repeated. No other is sent, not even Content-Type.
                       A link with a fragment (#waybill=…) names them itself
  --json               the answer as JSON

What arrived is compared with the file by CRC-64.`,
  async run(args, { out, signal, dispatcher }) {
    const options = { header: { type: 'string', multiple: true }, json: { type: 'boolean' } } as const;
    const { values, words } = readArgs(args, options, ['FILE', 'URL']);
    const [path = '', text = ''] = words;
    const link = readLink(text, Date.now());
    const { note } = link;
    if (note !== null && note.method !== 'PUT')
      throw new UsageError(`This link is for ${note.method}, not for an upload.`);
    const headers = { ...note?.headers, ...lowerCased(readPairs(values.header ?? [], ':', '--header')) };
    const { bucket, key } = link.parts;
    try {
      const { verified, versionId } = await uploadThroughLink(
        { url: link.url, path, headers, dispatcher },
        silent(signal),
      );
      if (verified === 'length') out.say('The server sent no CRC-64, so only the length was compared.');
      const answer = { bucket, key, verified, versionId };
      await out.answer(values.json === true ? JSON.stringify(answer) : `sent ${shown(key)}`);
      return 0;
    } catch (error) {
      throw withEnd(error, link);
    }
  },
};

/** So that a header that was given replaces the one of the link. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
