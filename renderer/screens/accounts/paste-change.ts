import { own } from '../../../main/own.ts';
import type { RoleTexts } from './role-fields.svelte.ts';

type Field = 'name' | 'accessKeyId' | 'tokenEnd' | 'server' | 'region' | 'endpoint' | 'endpointRegion' | 'startPath';

/** What a paste can fill in, besides the secrets. */
export interface Pastable {
  readonly fields: Readonly<Record<Field, string>>;
  readonly role: RoleTexts;
  readonly exactSeconds: number | null;
  readonly exactEnd: number | null;
}

/** What a paste changed in the form. */
export interface PasteChange {
  readonly before: Pastable;
  readonly after: Pastable;
}

type Texts = Readonly<Record<string, string>>;

/** The fields, and those of the role, as they were before a paste; those that were edited since are left out. */
export function unedited(
  { before, after }: PasteChange,
  now: Pastable,
): { readonly fields: Texts; readonly role: Texts } {
  return {
    fields: unchanged(before.fields, after.fields, now.fields),
    role: unchanged(before.role, after.role, now.role),
  };
}

function unchanged(before: Texts, filled: Texts, current: Texts): Texts {
  return Object.fromEntries(Object.entries(before).filter(([name]) => own(current, name) === own(filled, name)));
}
