import { z } from 'zod';
import { linkMethods } from '../text/link-note.ts';

/*
 * The options of a signed URL. These schemas check only its shape; link-rules.ts checks whether OSS would accept it and
 * reports the rule and the allowed range.
 */

const text = z.string().max(4096);

/** The methods of links. */
const method = z.enum(linkMethods);

/** One of the region's endpoints, or a domain that is bound to the bucket. */
const host = z.union([
  z.enum(['public', 'internal', 'accelerate', 'dualstack']),
  z.strictObject({ domain: z.string().trim().max(300) }),
]);
/** The host of a link, if it isn't the account's own endpoint. */
export type LinkHost = z.infer<typeof host>;

/** Response headers that replace the object's own. */
const response = z
  .strictObject({
    contentType: text,
    contentDisposition: text,
    cacheControl: text,
    contentEncoding: text,
    contentLanguage: text,
    /** An HTTP date. */
    expires: text,
  })
  .partial();

/** Who may use the link. OSS documents this for V1 only. */
const access = z
  .strictObject({
    /** An IP address, or the first one of a subnet. */
    sourceIp: text,
    /** The prefix length of the subnet, in bits. */
    subnetMask: z.number(),
    vpcId: text,
    /** Whether forwarded requests are allowed. */
    forwardAllow: z.boolean(),
  })
  .partial();

const callback = z.strictObject({
  /** Up to five, separated by `;`. */
  url: text,
  body: text,
  host: text.optional(),
  bodyType: z.enum(['application/x-www-form-urlencoded', 'application/json']).optional(),
  /** Names without their `x:` prefix. OSS requires lowercase. */
  vars: z.record(z.string(), text).optional(),
});

/** Headers of an upload. The signature covers them, so exactly these must be sent. */
const upload = z
  .strictObject({
    contentType: text,
    /** Base64 of the file's MD5: the link then accepts only this file. */
    contentMd5: text,
    storageClass: z.enum(['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']),
    acl: z.enum(['default', 'private', 'public-read', 'public-read-write']),
    forbidOverwrite: z.boolean(),
    tags: z.record(z.string(), z.string()),
    /** Names without `x-oss-meta-`. */
    meta: z.record(z.string(), text),
    callback,
  })
  .partial();

/** A link is valid for `expiresSeconds`, or until `validUntil` (Unix milliseconds). */
const lifetime = {
  expiresSeconds: z.number().optional(),
  validUntil: z.number().optional(),
  signVersion: z.enum(['v4', 'v1']).optional(),
  /** Assume the account's role again for this link, so that the session lasts as long as the link. */
  renewSession: z.boolean().optional(),
};

/** The lifetime of a link, and what may limit it. */
export const linkLifetimeSchema = z.strictObject(lifetime);
/** The lifetime of a link, and what may limit it. */
export type LinkLifetime = Readonly<z.infer<typeof linkLifetimeSchema>>;

/** The fields of LinkOptions, for schemas that add more. */
export const linkOptionFields = {
  ...lifetime,
  method: method.optional(),
  host: host.optional(),
  /** The name that a browser saves the file under; null keeps the key's last segment. */
  fileName: z.string().min(1).max(255).nullable(),
  /** Null keeps the object's own Content-Disposition. */
  open: z.enum(['preview', 'download']).nullable(),
  response: response.optional(),
  /** Such as `image/resize,w_200`. */
  process: text.optional(),
  trafficLimitBitsPerSecond: z.number().optional(),
  access: access.optional(),
  upload: upload.optional(),
} as const;

/** All options of a link, without its object. */
export type LinkOptions = Readonly<z.infer<z.ZodObject<typeof linkOptionFields>>>;
