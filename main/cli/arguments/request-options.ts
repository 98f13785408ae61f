import { formTextFormats } from '../../links/forms/form-formats.ts';
import { storageClasses } from '../../oss/operations/bucket-settings.ts';
import { choiceError } from './command.ts';
import { linkOptionTable } from './link-options.ts';
import { type readArgs, serverOptions } from './options.ts';
import { roleOptionTable } from './role-options.ts';
import type { OptionTable } from '../usage/usage.ts';

/** The forms in which a form is printed. */
export const formFormats = ['html', ...formTextFormats] as const;

/** Who may read the files of a form. */
export const formAcls = ['private', 'default', 'none'] as const;

/** Options of `request` that apply to forms and tickets. */
export const formOptionTable = {
  'max-size': {
    ...{ type: 'string', argument: 'SIZE' },
    meaning: 'largest file, such as 500K, 20M or 2G (1K is 1,024), default and at most 5G',
  },
  'min-size': { type: 'string', argument: 'SIZE', meaning: 'smallest file, default 1' },
  large: {
    ...{ type: 'string', argument: 'N' },
    meaning:
      'with html: also N files of up to --size SIZE (default 50G), sent in parts; an upload that breaks off goes on where it was, also after the page was closed',
  },
  types: { type: 'string', argument: 'A,B', meaning: 'accept only these types, such as image/png,image/jpeg' },
  acl: {
    ...{ type: 'string', argument: 'ACL', value: formAcls },
    meaning:
      "ACL of each file: private (default), default (the bucket's), or none, which leaves it to the rights of whoever signs and needs no oss:PutObjectAcl",
  },
  inline: { type: 'boolean', meaning: 'let browsers show the files; without it they download them' },
  tag: { type: 'string', multiple: true, argument: 'NAME=VALUE', meaning: 'tag of each file, also of a ticket' },
  'storage-class': {
    ...{ type: 'string', argument: 'CLASS', value: storageClasses },
    meaning: 'Standard (default), IA, Archive, ColdArchive or DeepColdArchive, also of a ticket',
  },
  ...roleOptionTable,
  'role-arn': {
    ...{ type: 'string', argument: 'ARN', heading: 'Forms and tickets that a role signs:' },
    meaning:
      'sign with a session of this role that may do nothing but upload there, for 12 hours at most; without it the credentials of the environment sign',
  },
} as const satisfies OptionTable;

/** The options of `request`. */
export const requestOptions = {
  ...linkOptionTable,
  slots: { type: 'string', argument: 'N', meaning: 'number of slots, named by numbers' },
  names: { type: 'string', argument: 'A,B,C', meaning: 'slots with these names' },
  'content-type': { type: 'string', argument: 'TYPE', meaning: 'Content-Type to send with each file, or of a ticket' },
  note: { type: 'string', argument: 'TEXT', meaning: 'shown to anyone who opens the request' },
  'allow-overwrite': { type: 'boolean', meaning: 'let a slot be filled again' },
  check: { type: 'string', argument: 'FILE', value: 'path', meaning: 'what arrived by a request, a form or a ticket' },
  end: { type: 'string', argument: 'FILE', value: 'path', meaning: 'end a form, or a ticket' },
  undo: { type: 'boolean', meaning: 'with --end: let the form work again' },
  ticket: {
    type: 'boolean',
    heading:
      'Tickets, of which --content-type, --storage-class, --tag and --allow-overwrite are fixed when the upload starts:',
    meaning: 'start an upload and print a ticket for it',
  },
  size: {
    ...{ type: 'string', argument: 'SIZE' },
    meaning:
      'with --ticket: largest file that fits, such as 6G (1K is 1,024); a smaller one takes fewer parts. With --renew: refuse a ticket of another size, since anyone who had it may have changed it',
  },
  renew: {
    ...{ type: 'string', argument: 'TICKET', value: 'path' },
    meaning: 'print another ticket; nothing may be replaced without --allow-overwrite, whatever TICKET says',
  },
  form: {
    ...{ type: 'string', argument: 'FORMAT', value: formFormats },
    heading: 'Forms, for which --slots and --names are optional: without them, any number of files below the prefix',
    meaning:
      'html: a page on which anyone drops files in a browser; curl: one line for sh, in which the recipient replaces FILE; json: the fields for a program, which sends them as multipart/form-data before the file',
  },
  cors: {
    ...{ type: 'string', argument: 'add|remove', value: ['add', 'remove'] },
    meaning: "add: put the CORS rule that pages need first among the bucket's rules; remove: take it away again",
  },
  ...formOptionTable,
  ...serverOptions,
} as const satisfies OptionTable;

/** Values of requestOptions. */
export type RequestValues = ReturnType<typeof readArgs<typeof requestOptions>>['values'];

/** Reads --storage-class, whatever its case. @throws UsageError */
export function readStorageClass(text: string | undefined): (typeof storageClasses)[number] | undefined {
  if (text === undefined) return undefined;
  const found = storageClasses.find((one) => one.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw choiceError('--storage-class', storageClasses);
  return found;
}
