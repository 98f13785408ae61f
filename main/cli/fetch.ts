import { linkSource } from '../transfers/object-source.ts';
import type { Command } from './command.ts';
import { fetchManifest, readManifestFile } from './fetch-manifest.ts';
import { saveAs, targetOf } from './get.ts';
import { readArgs } from './options.ts';
import { readLink, withEnd } from './signed-link.ts';

/** `fetch`: downloads through a signed URL; no account is needed. */
export const fetchCommand: Command = {
  help: `fetch URL FILE           download through a signed URL; into a folder under the link's own file name
fetch MANIFEST FOLDER    download all that a share manifest holds (share --recursive --format manifest)

  --force              replace a file that exists; else it stays and the command fails
  --json               the answer as JSON

The file appears under its name only when it is complete and compared with the server by CRC-64.`,
  async run(args, context) {
    const { values, words } = readArgs(args, { force: { type: 'boolean' }, json: { type: 'boolean' } }, [
      'URL',
      'FILE',
    ]);
    const [text = '', path = ''] = words;
    const save = { ...context, force: values.force === true, json: values.json === true };
    const manifest = await readManifestFile(text);
    if (manifest !== null) return (await fetchManifest(manifest, path, save)) === 0 ? 0 : 1;
    const link = readLink(text, Date.now());
    const source = linkSource(link.url, link.parts, context.dispatcher);
    try {
      await saveAs(save, source, await targetOf(path, link.fileName));
    } catch (error) {
      throw withEnd(error, link);
    }
    return 0;
  },
};
