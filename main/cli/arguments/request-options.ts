import { storageClasses } from '../../oss/operations/bucket-settings.ts';
import { choiceError } from './command.ts';
import { linkOptionTable } from './link-options.ts';
import { type readArgs, serverOptions } from './options.ts';
import { roleOptionTable } from './role-options.ts';

/** Options of `request` that apply to forms alone. */
export const formOptionTable = {
  'min-size': { type: 'string' },
  'max-size': { type: 'string' },
  types: { type: 'string' },
  large: { type: 'string' },
  acl: { type: 'string' },
  inline: { type: 'boolean' },
  tag: { type: 'string', multiple: true },
  'storage-class': { type: 'string' },
  ...roleOptionTable,
} as const;

/** The options of `request`. */
export const requestOptions = {
  ...serverOptions,
  ...linkOptionTable,
  slots: { type: 'string' },
  names: { type: 'string' },
  'content-type': { type: 'string' },
  'allow-overwrite': { type: 'boolean' },
  note: { type: 'string' },
  check: { type: 'string' },
  end: { type: 'string' },
  undo: { type: 'boolean' },
  form: { type: 'string' },
  ticket: { type: 'boolean' },
  size: { type: 'string' },
  renew: { type: 'string' },
  cors: { type: 'string' },
  ...formOptionTable,
} as const;

/** Values of requestOptions. */
export type RequestValues = ReturnType<typeof readArgs<typeof requestOptions>>['values'];

/** Reads --storage-class, whatever its case. @throws UsageError */
export function readStorageClass(text: string | undefined): (typeof storageClasses)[number] | undefined {
  if (text === undefined) return undefined;
  const found = storageClasses.find((one) => one.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw choiceError('--storage-class', storageClasses);
  return found;
}
