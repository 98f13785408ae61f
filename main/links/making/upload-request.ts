import mime from 'mime';
import { z } from 'zod';
import type { Session } from '../../accounts/sts/credentials.ts';
import { isMissing, toFailure } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { headObject } from '../../oss/operations/objects.ts';
import { noteSchema } from '../ledger/ledger-entry.ts';
import type { LinkOptions } from './link-options.ts';
import { type LinkPlan, planLink } from './link-plan.ts';
import { type InputFailure, orProblem } from './link-rules.ts';
import { type LinkRequest, signLink } from './sign-link.ts';
import { MAX_SLOTS, slotNames, type UploadSlots } from './upload-slots.ts';
import { type LinkValidity, validityOf } from './validity.ts';

/** The slots of an upload request, and the options of their links. */
export interface UploadRequestOptions {
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  readonly slots: UploadSlots;
  /** Shown to whoever opens the request; up to 2,000 characters. */
  readonly note?: string | undefined;
  readonly options: Omit<LinkOptions, 'method'>;
}

const slot = z.object({
  name: z.string().min(1).max(1023),
  key: z.string().min(1).max(1023),
  method: z.literal('PUT'),
  headers: z.record(z.string(), z.string()),
  /** With its `#waybill=` fragment. */
  url: z.string().max(32_768),
});
/** The file of an upload request. */
export const uploadRequestSchema = z.object({
  waybill: z.literal('upload-request'),
  version: z.literal(1),
  madeAt: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  bucket: z.string().max(63),
  /** A message to the people who fill the slots. */
  note: noteSchema.optional(),
  slots: z.array(slot).min(1).max(MAX_SLOTS),
});

/** A file that lets a partner fill its slots without an account. Its URLs are secrets. */
export type UploadRequest = z.infer<typeof uploadRequestSchema>;

/** Whether a slot is filled. `lastModified` is in Unix milliseconds. */
export type SlotState = { readonly name: string; readonly key: string } & (
  | {
      readonly state: 'filled';
      readonly sizeBytes: number | null;
      readonly crc64: string | null;
      readonly lastModified: number;
      /** The object is older than the request, so it wasn't uploaded through it. */
      readonly older: boolean;
    }
  | { readonly state: 'empty' }
);

/**
 * Signs the links of an upload request. A slot takes one file and is never overwritten, unless the options allow it.
 * @throws WaybillError as signLink(); `input` for invalid slots
 */
export function createUploadRequest(
  connection: Connection,
  session: Session,
  { bucket, prefix, slots, note = '', options }: UploadRequestOptions,
): { readonly request: UploadRequest; readonly validity: LinkValidity } {
  const signed = slotNames(slots, prefix).map((name) => {
    return { name, link: signLink(connection, session, linkOf({ bucket, key: prefix + name, options })) };
  });
  const [first] = signed;
  if (first === undefined) throw new Error('slotNames() returned no name');
  const validity = validityOf(first.link);
  const request: UploadRequest = {
    waybill: 'upload-request',
    version: 1,
    madeAt: new Date(connection.clock.now()).toISOString(),
    // The first link expires first.
    validUntil: new Date(validity.validUntil).toISOString(),
    bucket,
    ...(note === '' ? {} : { note }),
    slots: signed.map(({ name, link }) => {
      return { name, key: link.key, method: 'PUT', headers: { ...link.headers }, url: link.noted ?? link.url };
    }),
  };
  return { request, validity };
}

/**
 * Checks an upload request and reports all problems at once; those of the slots have the field `slots`. Signs and sends
 * nothing.
 */
export function planUploadRequest(
  connection: Connection,
  sessionValidUntil: Session['validUntil'],
  { bucket, prefix, slots, options }: UploadRequestOptions,
): LinkPlan {
  const problems: InputFailure[] = [];
  const [first = '1'] = orProblem(problems, () => slotNames(slots, prefix)) ?? [];
  const checked = planLink(connection, sessionValidUntil, linkOf({ bucket, key: prefix + first, options }));
  // Waybill and the curl commands send what the slot says, with a type or without.
  const warnings = checked.warnings.filter((warning) => warning !== 'no-content-type');
  return { ...checked, warnings, problems: [...checked.problems, ...problems] };
}

interface SlotLink extends Pick<UploadRequestOptions, 'bucket' | 'options'> {
  readonly key: string;
}

/** Unless the options name a type, that of a file with this name, so that browsers show what arrives as what it is. */
function linkOf({ bucket, key, options }: SlotLink): LinkRequest {
  const type = mime.getType(key);
  const upload = { forbidOverwrite: true, ...(type === null ? {} : { contentType: type }), ...options.upload };
  return { ...options, method: 'PUT', upload, open: null, fileName: null, bucket, key, versionId: null };
}

/** HEAD requests at a time. */
const PARALLEL_HEADS = 8;

/** Asks OSS which slots are filled, in their order. @throws WaybillError if the account may not read them */
export async function checkUploadRequest(
  connection: Connection,
  { bucket, slots, madeAt }: Pick<UploadRequest, 'bucket' | 'slots' | 'madeAt'>,
  signal?: AbortSignal,
): Promise<readonly SlotState[]> {
  const since = Date.parse(madeAt);
  const states: SlotState[] = [];
  const check = async ({ name, key }: { readonly name: string; readonly key: string }): Promise<SlotState> => {
    try {
      const { sizeBytes, crc64, lastModified } = await headObject(connection, { bucket, key }, signal);
      // Last-Modified has whole seconds.
      return { name, key, state: 'filled', sizeBytes, crc64, lastModified, older: lastModified < since - 1000 };
    } catch (error) {
      const failure = toFailure(error);
      if (isMissing(failure)) {
        return { name, key, state: 'empty' };
      }
      throw error;
    }
  };
  for (let at = 0; at < slots.length; at += PARALLEL_HEADS) {
    for (const state of await Promise.all(slots.slice(at, at + PARALLEL_HEADS).map(check))) states.push(state);
  }
  return states;
}
