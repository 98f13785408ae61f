import { z } from 'zod';
import { type CredentialOrigin, WaybillError } from '../../failure.ts';
import type { AccessKey } from '../../oss/connection.ts';
import { registerSecrets } from '../live-secrets.ts';
import type { Session } from '../sts/credentials.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

/** What no HTTP header could carry is no credential. */
const printable = (max: number) =>
  z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .max(max);
const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** Temporary credentials as STS, the metadata service and CloudSSO write them. */
export const issuedSchema = z.object({
  AccessKeyId: printable(128),
  AccessKeySecret: printable(256),
  SecurityToken: printable(8192),
  Expiration: moment,
});

/** Credentials as a program prints them: the settings of a profile. A pair has no expiry, a session may say none. */
export const printedSchema = z
  .object({
    access_key_id: printable(128),
    access_key_secret: printable(256),
    sts_token: z.literal('').or(printable(8192)).optional(),
    expiration: z.literal('').or(moment).optional(),
    mode: z.string().optional(),
  })
  .refine(({ access_key_id, sts_token = '', mode }) => {
    const needsToken = mode === 'StsToken' || access_key_id.startsWith('STS.');
    return !needsToken || sts_token !== '';
  })
  .transform(({ access_key_id, access_key_secret, sts_token = '', expiration = '' }) => ({
    accessKey: {
      accessKeyId: access_key_id,
      accessKeySecret: access_key_secret,
      securityToken: sts_token === '' ? null : sts_token,
    },
    validUntil: expiration === '' ? (sts_token === '' ? null : ('unknown' as const)) : expiration,
  }));

/** A text that should be JSON of a certain form; null for any other. */
export function parsed<T>(text: string, schema: z.ZodType<T>): T | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return schema.safeParse(value).data ?? null;
}

/** The session of issued credentials. */
export function sessionOfIssued(issued: z.infer<typeof issuedSchema>): Session & { readonly validUntil: number } {
  const accessKey: AccessKey = {
    accessKeyId: issued.AccessKeyId,
    accessKeySecret: issued.AccessKeySecret,
    securityToken: issued.SecurityToken,
  };
  return { accessKey: registerSecrets(accessKey), validUntil: issued.Expiration };
}

/**
 * Refuses credentials that have expired already. `date` is the sender's own time, in Unix milliseconds: where it says that
 * they are valid, this computer's clock is wrong, and is corrected.
 * @throws WaybillError `credentials` source-expired; clock-skew if the clock is more than a day off
 */
export function checkValid(
  { validUntil }: Pick<Session, 'validUntil'>,
  {
    clock,
    date,
    origin,
  }: Pick<SourceContext, 'clock'> & { readonly date: number | null; readonly origin: CredentialOrigin },
): void {
  if (typeof validUntil !== 'number' || validUntil > clock.now()) return;
  if (date === null || validUntil <= date) throw sourceError('source-expired', origin);
  if (!clock.sync(date)) throw new WaybillError({ kind: 'credentials', cause: 'clock-skew', serverTime: date });
}
