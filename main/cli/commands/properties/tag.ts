import { checkTags, getObjectTags, putObjectTags, type Tags } from '../../../oss/operations/tags.ts';
import { escapeControls } from '../../../words/controls.ts';
import { parseObjectAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import { readAnyArgs, readPairs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  only: { type: 'boolean', meaning: 'remove all other tags' },
  delete: { type: 'boolean', meaning: 'remove the tags that are named, or all if none is' },
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version' },
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `tag`: shows, sets and removes the tags of a file. */
export const tagCommand: Command = {
  usage: {
    forms: [
      ['tag oss://bucket/key', 'print the tags of a file, one a line'],
      ['tag oss://bucket/key NAME=VALUE …', 'add tags, or give them another value; others stay unless --only is given'],
      ['tag oss://bucket/key --delete [NAME …]', 'remove these tags, or all'],
    ],
    about: [
      'A file has at most 10 tags, with names of 1 to 128 and values of up to 256 characters: a-z, A-Z, 0-9, space and + - = . _ : /. After a change, the tags that the file then has are printed.',
    ],
    words: ['address', 'text'],
    options,
    examples: [
      { line: 'waybill tag oss://photos/trip/beach.jpg', meaning: 'What tags a file has' },
      { line: 'waybill tag oss://photos/trip/beach.jpg project=trip status=done', meaning: 'Set two, keep the others' },
      { line: 'waybill tag oss://photos/trip/beach.jpg --delete status', meaning: 'Remove one' },
      { line: 'waybill tag oss://photos/trip/beach.jpg --delete --json', meaning: 'Remove all' },
    ],
  },
  async run(args, context) {
    const { values, words } = readAnyArgs(args, options);
    const [text, ...rest] = words;
    if (text === undefined) throw new UsageError(sentence('cli.missing-argument', { name: 'oss://bucket/key' }));
    const object = { ...parseObjectAddress(text), versionId: values['version-id'] };
    const change = readChange(rest, { only: values.only === true, isDeleting: values.delete === true });
    const { out, signal } = context;
    const connection = await connectInRole(values, context, object.bucket);
    const old = change?.needsOld === false ? [] : await getObjectTags(connection, object, signal);
    const tags = change === null ? old : change.apply(old);
    if (change !== null) {
      checkTags(tags);
      await putObjectTags(connection, object, tags, signal);
    }
    if (values.json === true) {
      const { bucket, key, versionId = null } = object;
      await out.answer(JSON.stringify({ bucket, key, versionId, tags: Object.fromEntries(tags) }));
    } else if (tags.length > 0) {
      await out.answer(tags.map(([name, value]) => escapeControls(`${name}=${value}`)).join('\n'));
    } else out.say(sentence('cli.tag.none'));
    return 0;
  },
};

/** What is to become of the tags that a file has. */
interface TagChange {
  /** Whether that depends on the tags it has. */
  readonly needsOld: boolean;
  readonly apply: (old: Tags) => Tags;
}

/** Null to change nothing. @throws UsageError */
function readChange(
  words: readonly string[],
  { only, isDeleting }: { readonly only: boolean; readonly isDeleting: boolean },
): TagChange | null {
  if (isDeleting) {
    if (only) throw new UsageError(sentence('cli.exclusive', { first: '--only', second: '--delete' }));
    const gone = new Set(words);
    return {
      needsOld: gone.size > 0,
      apply: (old) => (gone.size === 0 ? [] : old.filter(([name]) => !gone.has(name))),
    };
  }
  if (words.length === 0) {
    if (only) throw new UsageError(sentence('cli.requires', { option: '--only', other: 'NAME=VALUE' }));
    return null;
  }
  const tags = words.flatMap((word) => Object.entries(readPairs([word], '=', 'tag')));
  // Refused before anything is asked, as is a name that is given twice.
  checkTags(tags);
  return { needsOld: !only, apply: (old) => (only ? tags : [...new Map([...old, ...tags])]) };
}
