import { z } from 'zod';

/** A query parameter as the console of the CDN takes it. */
const paramName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const names = z
  .strictObject({ sign: paramName, time: paramName })
  .refine(({ sign, time }) => sign !== time, 'cdn-names-equal');

/**
 * How a CDN checks the links of a domain, as it is set in the CDN's console.
 * @see https://help.aliyun.com/zh/cdn/user-guide/type-a-signing, type-b-signing, type-c-signing,
 *   authentication-method-f-description
 */
export const cdnAuthSchema = z.discriminatedUnion('type', [
  /** `/path?auth_key=…` */
  z.strictObject({ type: z.literal('A') }),
  /** `/YYYYMMDDHHMM/…/path` */
  z.strictObject({ type: z.literal('B') }),
  /** `/…/TIME/path`, or with names `/path?KEY1=…&KEY2=TIME`. */
  z.strictObject({ type: z.literal('C'), names: names.nullable() }),
  /** `/path?sign=…&time=TIME`; `path`: what is hashed, the path as it stands in the URL or decoded. */
  z.strictObject({
    type: z.literal('F'),
    names,
    time: z.enum(['hex', 'decimal']),
    path: z.enum(['encoded', 'decoded']),
  }),
]);
/** How a CDN checks the links of a domain. */
export type CdnAuth = Readonly<z.infer<typeof cdnAuthSchema>>;

/** 16 to 32 letters and digits, as the console takes them. */
export const cdnKeySchema = z.string().regex(/^[A-Za-z0-9]{16,32}$/);

/** What the CDN sets if nobody changes it, in seconds. */
export const USUAL_VALIDITY_SECONDS = 1800;

/** A CDN domain of a bucket, without its keys. */
export const cdnDomainSchema = z.strictObject({
  /** A host, with `http://` for a domain without a certificate. */
  domain: z.string().trim().min(1).max(300),
  auth: cdnAuthSchema,
  /** How long the CDN accepts a link after the time in it, in seconds. */
  validitySeconds: z.int().min(1).max(630_720_000),
});
/** A CDN domain of a bucket, without its keys. */
export type CdnDomain = Readonly<z.infer<typeof cdnDomainSchema>>;
