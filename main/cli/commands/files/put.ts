import { parseAddress } from '../../arguments/address.ts';
import type { Command } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import {
  overwriteOption,
  queueOptions,
  readOverwrite,
  readTransferSettings,
} from '../../arguments/transfer-options.ts';
import { fileUpload, folderUpload, orderOf } from '../../transfers/plans.ts';
import { runTransfers } from '../../transfers/transfer-run.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  recursive: {
    type: 'boolean',
    short: 'r',
    meaning: 'for folders; symlinks to files are followed, those to folders reported',
  },
  ...overwriteOption('an object', 'replace'),
  'forbid-overwrite': { type: 'boolean', meaning: 'same as --overwrite fail (OSS ignores this with versioning on)' },
  ...queueOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `put`: uploads a file, or a folder with --recursive. */
export const putCommand: Command = {
  usage: {
    forms: [
      ['put FILE oss://bucket/key', "upload a file; a missing key, or one that ends with /, gets the file's name"],
      ['put FOLDER oss://bucket/prefix/ --recursive', "upload the folder's content below the prefix"],
    ],
    about: [
      'Large files are uploaded in parts, and every upload is verified by CRC-64. Rerun the same command to resume.',
    ],
    words: ['path', 'address'],
    options,
    examples: [
      { line: 'waybill put report.pdf oss://documents/2026/', meaning: 'Upload a file under its own name' },
      { line: 'waybill put site oss://documents/site/ --recursive', meaning: "A folder's content" },
      {
        line: 'waybill put report.pdf oss://documents/final.pdf --overwrite fail',
        meaning: 'Under another name, which may not exist yet',
      },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['FILE', 'oss://bucket/key']);
    const [path = '', text = ''] = words;
    const connection = await connectInRole(values, context, parseAddress(text).bucket);
    const short = { name: '--forbid-overwrite', isGiven: values['forbid-overwrite'] === true, rule: 'refuse' } as const;
    const rule = readOverwrite(values.overwrite, 'replace', short);
    const to = parseAddress(text);
    const planned = values.recursive === true ? await folderUpload(path, to) : fileUpload(path, to);
    const order = orderOf(planned, { command: 'put', rule, isJson: values.json === true, connection });
    return (await runTransfers(order, readTransferSettings(values), context)).code;
  },
};
