import { MAX_V4_EXPIRES_SECONDS } from '../../oss/limits.ts';
import type { UploadDenial } from './upload-denial.ts';

/** A form that was handed out, as far as ending it needs. Its fields are secrets. */
export interface HandedForm {
  readonly bucket: string;
  /** Where it is sent; null where it isn't at hand, so that it can't be tried. */
  readonly action: string | null;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly keys: UploadDenial['keys'];
  readonly sizeBytes: { readonly min: number; readonly max: number };
  readonly contentTypes: readonly string[];
  /** Unix milliseconds. */
  readonly validUntil: number;
}

/** When a Deny of a form ends, in Unix milliseconds. */
export function endOfDenial({ validUntil }: Pick<HandedForm, 'validUntil'>, now: number): number {
  return Math.min(validUntil, now + MAX_V4_EXPIRES_SECONDS * 1000);
}

/** The AccessKey ID in the fields of V4 (`ID/date/region/oss/aliyun_v4_request`) or V1. */
export function signerOf({ fields }: Pick<HandedForm, 'fields'>): string {
  const field = (name: string): string => fields.find(([one]) => one.toLowerCase() === name)?.[1] ?? '';
  return field('x-oss-credential').split('/')[0] || field('ossaccesskeyid');
}
