import type { AccountDraft } from '../../../main/contract/contract.ts';
import { own } from '../../../main/own.ts';

type Field =
  | 'name'
  | 'accessKeyId'
  | 'tokenEnd'
  | 'server'
  | 'region'
  | 'endpoint'
  | 'endpointRegion'
  | 'startPath'
  | 'roleArn'
  | 'sessionName'
  | 'roleMinutes';

/** What a paste can fill in, besides the secrets. */
export interface Pastable {
  readonly fields: Readonly<Record<Field, string>>;
  readonly role: AccountDraft['role'];
  readonly exactEnd: number | null;
}

/** What a paste changed in the form. */
export interface PasteChange {
  readonly before: Pastable;
  readonly after: Pastable;
}

/** The fields as they were before a paste; those that were edited since are left out. */
export function unedited({ before, after }: PasteChange, now: Pastable): Partial<Pastable['fields']> {
  const current: Readonly<Record<string, string>> = now.fields;
  const filled: Readonly<Record<string, string>> = after.fields;
  return Object.fromEntries(Object.entries(before.fields).filter(([name]) => own(current, name) === own(filled, name)));
}
