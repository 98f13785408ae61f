import { randomBytes } from 'node:crypto';
import { shellWord } from '../text/quoting.ts';
import type { UploadForm } from './issue-form.ts';

/** A form as text for a shell or a program. */
export const formTextFormats = ['curl', 'json'] as const;
/** A form as text for a shell or a program. */
export type FormTextFormat = (typeof formTextFormats)[number];

/** Writes a form to hand out. It is as secret as its fields. */
export function formatForm(form: UploadForm, format: FormTextFormat, key: string): string {
  return format === 'curl' ? curlLine(form, key) : JSON.stringify(formJson(form, key), null, 2);
}

/**
 * A key that the form allows: its first slot, or a new name below its prefix. The time comes first, so that a listing is in
 * the order in which names were given; the rest can't be guessed or met by chance.
 */
export function newFormKey({ keys }: Pick<UploadForm, 'keys'>, now: number): string {
  if (keys.kind === 'slots') return keys.keys[0] ?? '';
  return `${keys.prefix}${now.toString(36)}-${randomBytes(6).toString('hex')}`;
}

/** The fields that are sent besides the file, in their order. The key and a type of several are the sender's to change. */
function allFields({ fields, contentTypes }: UploadForm, key: string): readonly (readonly [string, string])[] {
  const [type] = contentTypes;
  return [['key', key], ...fields, ...(type === undefined ? [] : [['x-oss-content-type', type] as const])];
}

/**
 * One line for POSIX shells that uploads `FILE`, which the person replaces. It has no quotes, so that it survives being
 * pasted into a script or a message; --form-string takes every value literally, where --form reads `;`, `@` and `<`.
 */
function curlLine(form: UploadForm, key: string): string {
  const fields = allFields(form, key).map(([name, value]) => `--form-string ${shellWord(`${name}=${value}`)}`);
  // -g: takes brackets of an address literally.
  return ['curl -g --fail-with-body', ...fields, '-F file=@FILE', shellWord(form.action)].join(' ');
}

/** The form for a program: `fields` are sent in this order as multipart/form-data, then the file in a field `file`. */
export function formJson(form: UploadForm, key: string): object {
  const { action, bucket, keys, sizeBytes, contentTypes, forbidsOverwrite, validUntil, signedBy, note } = form;
  return {
    ...{ action, method: 'POST', enctype: 'multipart/form-data', fields: Object.fromEntries(allFields(form, key)) },
    ...{ fileField: 'file', bucket, ...(keys.kind === 'prefix' ? { prefix: keys.prefix } : { keys: keys.keys }) },
    ...{ minBytes: sizeBytes.min, maxBytes: sizeBytes.max, types: contentTypes, forbidsOverwrite },
    ...{ validUntil: new Date(validUntil).toISOString(), signedBy, ...(note === '' ? {} : { note }) },
  };
}
