import { basename, resolve } from 'node:path';
import type { Command } from '../../arguments/command.ts';
import { isManifest } from '../../../links/receiving/share-manifest.ts';
import { checkTargets } from '../../../local-files/start-places.ts';
import { fetchList } from './fetch-list.ts';
import { fetchManifest, readManifestFile } from './fetch-manifest.ts';
import { linkAbout, linkOptions, takeLink } from '../../arguments/link-source.ts';
import { fileAnswer, targetOf } from '../../transfers/plans.ts';
import { fillWithLinks } from '../../transfers/link-queue.ts';
import { jsonOption, readAnyArgs } from '../../arguments/options.ts';
import { readLink, warnIfExposed, withEnd } from '../../arguments/signed-link.ts';
import {
  forceOption,
  overwriteOption,
  queueOptions,
  readOverwrite,
  readTransferSettings,
  replacingBy,
} from '../../arguments/transfer-options.ts';
import { processingOf } from '../../../transfers/queue/link-task.ts';
import type { TransferOrder } from '../../transfers/transfer-order.ts';
import { runTransfers } from '../../transfers/transfer-run.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  ...overwriteOption('a file', 'fail'),
  ...forceOption,
  ...linkOptions,
  ...queueOptions,
  ...jsonOption,
} as const satisfies OptionTable;

/** `fetch`: downloads through a signed URL; no account is needed. */
export const fetchCommand: Command = {
  usage: {
    forms: [
      ['fetch - FILE < LINK', "download through a signed URL; into a folder it gets the link's file name"],
      ['fetch - FOLDER < TEXT', 'download every link in a text, such as a mail, into an existing folder'],
      [
        'fetch MANIFEST FOLDER',
        'download everything in a share manifest (share --recursive --format manifest) or a share page',
      ],
    ],
    about: [
      linkAbout,
      'The file appears under its name only when it is complete and verified by CRC-64. Rerun the same command to resume after an interruption, also with a new link to the same file: links are never written down.',
    ],
    words: ['path', 'path'],
    options,
    examples: [
      { line: 'waybill fetch - Downloads/ < link.txt', meaning: "Download a link under its file's own name" },
      { line: 'waybill fetch --url-file link.txt report.pdf --force', meaning: 'Replace a file that exists' },
      { line: 'waybill fetch trip.json Downloads/', meaning: 'Everything in a share manifest' },
    ],
  },
  async run(args, context) {
    const { values, words } = readAnyArgs(args, options);
    const given = await takeLink(words, ['URL', 'FILE'], values['url-file'], context);
    const [path = ''] = given.words;
    const order: Pick<TransferOrder, 'command' | 'direction' | 'connection' | 'work' | 'rule' | 'answerOf'> = {
      ...{ command: 'fetch', direction: 'down', connection: null, work: null },
      rule: readOverwrite(values.overwrite, 'refuse', replacingBy(values.force)),
      answerOf: (transfer, done) => fileAnswer(transfer, done, values.json === true),
    };
    const settings = readTransferSettings(values);
    const text = await readManifestFile(given.link);
    if (isManifest(text)) {
      return (await runTransfers({ ...order, ...fetchManifest(text, path, context.out) }, settings, context)).code;
    }
    const list = await fetchList(text, path, context.out);
    if (list !== null) {
      const { leftOut, ...listed } = list;
      const { code } = await runTransfers({ ...order, ...listed }, settings, context);
      return code === 0 && leftOut > 0 ? 1 : code;
    }
    const link = readLink(text, Date.now());
    warnIfExposed(link, context.out);
    const { url, parts } = link;
    const target = await targetOf(path, link.fileName);
    // In a folder, the name is the sender's.
    if (target !== path) checkTargets(path, [basename(target)]);
    const request = { url, parts, path: target };
    const one: TransferOrder = {
      ...order,
      identity: [parts.host, parts.bucket, parts.key, parts.versionId, target, resolve(path), ...processingOf(parts)],
      fill: fillWithLinks([request]),
      nameOf: null,
      explain: (failure) => withEnd(failure, link),
    };
    return (await runTransfers(one, settings, context)).code;
  },
};
