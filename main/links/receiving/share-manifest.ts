import { z } from 'zod';
import { WaybillError } from '../../failure.ts';
import { MAX_KEY_BYTES, MAX_OBJECT_BYTES } from '../../oss/limits.ts';
import type { SignedUrlParts } from '../../oss/signing/signed-url-parts.ts';
import { type FileServer, serverOfLinks } from './file-claims.ts';
import { dataOfPage, MAX_PAGE_START } from './page-data.ts';
import { readSignedUrl } from '../text/pasted-link.ts';

/*
 * A share manifest: one file that shares a whole folder with someone who has no account. JSON, one object a line, so
 * that people can read it too:
 *   {"waybill":"share","version":1,"madeAt":"…","validUntil":"…","bucket":"…","objects":[
 *   {"path":"a/b.txt","sizeBytes":12,"crc64":"…","versionId":"…","url":"https://…"}
 *   ]}
 * formatLinks() in making/link-list.ts writes it. A share page holds version 2, where `url` is a list of pieces and a
 * number stands for the text at that place of "texts": links differ in little. renderSharePage() in pages/ writes that.
 */

/** The most objects that a manifest may hold. */
const MAX_OBJECTS = 200_000;
/** The longest file that is read as a manifest, in bytes. Below 0x1fffffe8: no string of V8 is longer. */
export const MAX_MANIFEST_BYTES = 511 * 1024 ** 2;

const MAX_URL_LENGTH = 16_384;
const urlText = z.string().max(MAX_URL_LENGTH);
const object = {
  path: z.string().min(1).max(MAX_KEY_BYTES),
  sizeBytes: z.int().min(0).max(MAX_OBJECT_BYTES).nullable(),
  crc64: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable(),
  versionId: z.string().max(256).nullable(),
};
const wholeObject = z.object({ ...object, url: urlText });
const piecedObject = z.object({ ...object, url: z.array(z.union([urlText, z.int().min(0)])).max(64) });
const head = {
  waybill: z.literal('share'),
  madeAt: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  bucket: z.string().max(63),
};
const schema = z.discriminatedUnion('version', [
  z.object({ ...head, version: z.literal(1), objects: z.array(wholeObject).max(MAX_OBJECTS) }),
  z.object({
    ...{ ...head, version: z.literal(2), texts: z.array(urlText).max(64) },
    objects: z.array(piecedObject).max(MAX_OBJECTS),
  }),
]);

/** One object of a manifest: its path below the receiver's folder, and its link. */
export interface ManifestObject {
  /** As the sender wrote it; make it safe before using it as a file name. */
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly crc64: string | null;
  readonly url: string;
  readonly parts: SignedUrlParts;
}

/** A share manifest. Times are Unix milliseconds. */
export interface ShareManifest {
  readonly madeAt: number;
  readonly validUntil: number;
  readonly bucket: string;
  /** Null without objects. */
  readonly server: FileServer | null;
  readonly objects: readonly ManifestObject[];
}

/**
 * Whether a text claims to be a share manifest, or a share page with one inside; readManifest() then reports what is wrong
 * with it. The start of the text is enough.
 */
export function isManifest(text: string): boolean {
  return /^\s*\{\s*"waybill"\s*:\s*"share"/.test((dataOfPage(text.slice(0, MAX_PAGE_START)) ?? text).slice(0, 200));
}

/**
 * Reads a manifest, or the one inside a share page. Each link must be a complete signed URL of OSS in the bucket that the
 * manifest names, and all on one server.
 * @throws WaybillError `input` with field `manifest`
 */
export function readManifest(text: string): ShareManifest {
  if (text.length > MAX_MANIFEST_BYTES) throw refused('manifest-too-large', String(MAX_MANIFEST_BYTES));
  let json: unknown;
  try {
    json = JSON.parse(dataOfPage(text) ?? text);
  } catch {
    throw refused('manifest-not-json');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw refused('manifest-format', parsed.error.issues[0]?.path.join('.') ?? '');
  const { madeAt, validUntil, bucket } = parsed.data;
  const read = wholeObjects(parsed.data).map(({ path, sizeBytes, crc64, url }, index) => {
    const reading = readSignedUrl(url);
    if (reading.kind !== 'link' || reading.url !== url) throw refused('manifest-link', String(index + 1));
    return { path, sizeBytes, crc64, url, parts: reading.parts };
  });
  const links = read.map(({ url, parts }) => ({ url, parts, bucket, key: null }));
  return {
    madeAt: Date.parse(madeAt),
    validUntil: Date.parse(validUntil),
    bucket,
    server: serverOfLinks(links, 'manifest'),
    objects: read,
  };
}

/** The objects with their URLs put together; within the limits of whole ones, since a number may stand for a long text. */
function wholeObjects(data: z.infer<typeof schema>): readonly z.infer<typeof wholeObject>[] {
  if (data.version === 1) return data.objects;
  let length = 0;
  return data.objects.map(({ url: pieces, ...rest }, index) => {
    const url = pieces.map((piece) => (typeof piece === 'string' ? piece : (data.texts[piece] ?? ''))).join('');
    length += url.length;
    if (url.length > MAX_URL_LENGTH) throw refused('manifest-link', String(index + 1));
    if (length > MAX_MANIFEST_BYTES) throw refused('manifest-too-large', String(MAX_MANIFEST_BYTES));
    return { ...rest, url };
  });
}

function refused(rule: string, limit?: string): WaybillError {
  return new WaybillError({ kind: 'input', field: 'manifest', rule, ...(limit === undefined ? {} : { limit }) });
}
