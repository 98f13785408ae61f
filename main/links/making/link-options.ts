import { z } from 'zod';

/*
 * What can be asked of a signed URL. The schemas say only what shape it has: whether OSS would take it says link-rules.ts,
 * with the rule and the allowed range.
 */

const text = z.string().max(4096);

/** The methods that a link may be made for. */
const method = z.enum(['GET', 'HEAD', 'PUT', 'DELETE']);
/** GET and HEAD read an object, PUT writes it, DELETE removes it. */
export type LinkMethod = z.infer<typeof method>;

/** Where a link leads: one of the region's endpoints, or a domain bound to the bucket. */
const host = z.union([
  z.enum(['public', 'internal', 'accelerate', 'dualstack']),
  z.strictObject({ domain: z.string().trim().max(300) }),
]);
/** Where a link leads, in place of the account's own endpoint. */
export type LinkHost = z.infer<typeof host>;

/** What the answer's headers say in place of the object's own. */
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

/** Who may use the link. Documented for V1; whether OSS honours it under V4 is not confirmed. */
const access = z
  .strictObject({
    /** An IP address, or the first of the subnet. */
    sourceIp: text,
    /** How many bits of `sourceIp` count. */
    subnetMask: z.number(),
    vpcId: text,
    /** Whether a request that another host passes on counts. */
    forwardAllow: z.boolean(),
  })
  .partial();

const callback = z.strictObject({
  /** Up to five, separated by `;`. */
  url: text,
  body: text,
  host: text.optional(),
  bodyType: z.enum(['application/x-www-form-urlencoded', 'application/json']).optional(),
  /** Names without the `x:` in front, which OSS wants in lower case. */
  vars: z.record(z.string(), text).optional(),
});

/** The headers of an upload that the signature binds: whoever uses the link must send exactly these. */
const upload = z
  .strictObject({
    contentType: text,
    /** Base64 of the file's MD5: the link then takes this file and no other. */
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

/** How long a link is valid: `expiresSeconds` from now, or until the moment `validUntil` (Unix milliseconds). */
const lifetime = {
  expiresSeconds: z.number().optional(),
  validUntil: z.number().optional(),
  signVersion: z.enum(['v4', 'v1']).optional(),
  /** Get a new session for the link, where a role's session signs it. */
  renewSession: z.boolean().optional(),
};

/** How long a link is valid, and what decides that. */
export const linkLifetimeSchema = z.strictObject(lifetime);
/** How long a link is valid, and what decides that. */
export type LinkLifetime = Readonly<z.infer<typeof linkLifetimeSchema>>;

/** The fields of every option of a link but its object. */
export const linkOptionFields = {
  ...lifetime,
  method: method.optional(),
  host: host.optional(),
  /** The name the receiver's browser saves under; null keeps the key's. */
  fileName: z.string().min(1).max(255).nullable(),
  /** Null leaves it to the object's own headers. */
  open: z.enum(['preview', 'download']).nullable(),
  response: response.optional(),
  /** `image/resize,w_200` and the like. */
  process: text.optional(),
  trafficLimitBitsPerSecond: z.number().optional(),
  access: access.optional(),
  upload: upload.optional(),
} as const;

/** Every option of a link. */
export type LinkOptions = Readonly<z.infer<z.ZodObject<typeof linkOptionFields>>>;
