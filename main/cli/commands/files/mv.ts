import type { Command } from '../../arguments/command.ts';
import { patternAbout } from '../../arguments/key-pattern.ts';
import { readArgs } from '../../arguments/options.ts';
import { copyingAbout, copyingOptions, copyOrMove } from '../../transfers/copying.ts';

/** `mv`: moves between this computer and OSS, or within OSS. */
export const mvCommand: Command = {
  usage: {
    forms: [
      ['mv oss://bucket/key oss://bucket/key', 'move or rename within OSS'],
      ['mv FILE oss://bucket/key', 'upload and then delete the file'],
      ['mv oss://bucket/key FILE', 'download and then delete the file in OSS'],
    ],
    about: [
      ...copyingAbout,
      'A source is deleted only after its copy was verified by CRC-64, and only if it is still the same. Between this computer and OSS that happens once everything was transferred: if a file fails, all sources stay. With versioning on, a source in OSS gets a delete marker.',
      patternAbout,
    ],
    words: ['path', 'path'],
    options: copyingOptions,
    examples: [
      { line: 'waybill mv oss://photos/a.jpg oss://photos/b.jpg', meaning: 'Rename a file' },
      { line: 'waybill mv oss://photos/2025/ oss://archive/2025/ --recursive', meaning: 'Move a folder' },
      { line: "waybill mv 'oss://inbox/*.pdf' inbox/", meaning: 'Fetch what arrived, and take it away there' },
    ],
  },
  async run(args, context) {
    return copyOrMove('mv', readArgs(args, copyingOptions, ['SOURCE', 'TARGET']), context);
  },
};
