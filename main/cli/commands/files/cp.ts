import type { Command } from '../../arguments/command.ts';
import { patternAbout } from '../../arguments/key-pattern.ts';
import { readArgs } from '../../arguments/options.ts';
import { copyingAbout, copyingOptions, copyOrMove } from '../../transfers/copying.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version of the source' },
  ...copyingOptions,
} as const satisfies OptionTable;

/** `cp`: copies between this computer and OSS, or within OSS. */
export const cpCommand: Command = {
  usage: {
    forms: [
      ['cp FILE oss://bucket/key', 'upload, as put does'],
      ['cp oss://bucket/key FILE', 'download, as get does'],
      ['cp oss://bucket/key oss://bucket/key', 'copy within OSS, with headers, metadata, tags and storage class'],
    ],
    about: [...copyingAbout, 'Every copy is verified by CRC-64. Rerun the same command to resume.', patternAbout],
    words: ['path', 'path'],
    options,
    examples: [
      { line: 'waybill cp report.pdf oss://documents/2026/', meaning: 'Upload a file under its own name' },
      { line: 'waybill cp oss://photos/trip/ oss://backup/trip/ --recursive', meaning: 'A folder, within OSS' },
      { line: "waybill cp 'oss://logs/2026-*.gz' logs/", meaning: 'Download what matches' },
      {
        line: 'waybill cp oss://photos/a.jpg oss://copies/ --region cn-beijing --source-region cn-hangzhou',
        meaning: 'Into a bucket of another region',
      },
    ],
  },
  async run(args, context) {
    return copyOrMove('cp', readArgs(args, options, ['SOURCE', 'TARGET']), context);
  },
};
