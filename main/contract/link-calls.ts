import { z } from 'zod';
import type { LinkCard, LinkProbe } from '../links/receiving/link-card.ts';
import type { LinkDiagnosis } from '../links/receiving/link-diagnosis.ts';
import { linkLifetimeSchema, linkOptionFields } from '../links/making/link-options.ts';
import type { RecordedLink } from '../links/making/made-links.ts';
import type { FileCard } from '../links/receiving/received-files.ts';
import type { LinkPlan, LinkValidity } from '../links/making/shared-link.ts';
import type { LinkSnippets } from '../links/making/snippets.ts';
import type { SlotState } from '../links/making/upload-request.ts';
import type { Failure } from '../failure.ts';

export type { LinkCard, LinkProbe, ReceivedLink } from '../links/receiving/link-card.ts';
export type { LinkDiagnosis } from '../links/receiving/link-diagnosis.ts';
export type { LinkListFormat } from '../links/making/link-list.ts';
export type { LinkMethod, LinkOptions } from '../links/making/link-options.ts';
export type { InputFailure } from '../links/making/link-rules.ts';
export type { FileCard } from '../links/receiving/received-files.ts';
export type { LinkPlan, LinkValidity, SharedLink } from '../links/making/shared-link.ts';
export type { LinkSnippets } from '../links/making/snippets.ts';

const accountId = z.uuid();
const linkId = z.uuid();
const fileId = z.uuid();
const bucket = z.string().min(3).max(63);
const key = z.string().min(1).max(1023);
const prefix = z.string().max(1023);
const path = z.string().min(1).max(32_767);
const object = { accountId, bucket, key, versionId: z.string().max(256).nullable() };

/** What goes into the ledger with a link, and whether a session made for it alone signs it (accounts with a role). */
const record = z
  .strictObject({ note: z.string().max(2000), recipient: z.string().max(300), ownSession: z.boolean() })
  .partial()
  .optional();

const uploadRequest = {
  ...{ accountId, bucket, prefix },
  /** Wider than what main takes, so that it can say what is wrong. */
  slots: z.union([
    z.strictObject({ count: z.number() }),
    z.strictObject({ names: z.array(z.string().max(4096)).max(100_000) }),
  ]),
  ...linkOptionFields,
};

/** Calls about links that are made, and links that were received. */
export const linkCalls = {
  'links.validity': z.strictObject({ accountId, ...linkLifetimeSchema.shape }),
  'links.check': z.strictObject({ ...object, ...linkOptionFields }),
  'links.copy': z.strictObject({ accountId, bucket, key }),
  'links.make': z.strictObject({ ...object, ...linkOptionFields, record }),
  'links.snippets': z.strictObject({ text: z.string().max(100_000) }),
  'links.preview': z.strictObject({ ...object, process: z.string().min(1).max(4096) }),
  'links.makeMany': z.strictObject({
    ...{ accountId, bucket },
    keys: z.array(key).max(100_000),
    prefixes: z.array(prefix).max(1000),
    format: z.enum(['text', 'csv', 'json', 'markdown', 'manifest']),
    /** The folder that the file is written into; null puts the list on the clipboard. */
    folder: path.nullable(),
    ...linkOptionFields,
    record,
  }),
  'links.cancelMaking': z.strictObject({}),
  'links.checkUploads': z.strictObject(uploadRequest),
  'links.requestUploads': z.strictObject({
    ...uploadRequest,
    /** For whoever opens the request, and for the ledger. */
    note: z.string().max(2000),
    recipient: z.string().max(300),
    format: z.enum(['request', 'curl']),
    /** A file is asked for with the system's dialog. */
    to: z.enum(['file', 'clipboard']),
  }),
  'links.checkRequest': z.strictObject({ accountId, fileId }),

  'links.inspect': z.strictObject({ text: z.string().max(20_000_000) }),
  'links.takeHanded': z.strictObject({}),
  'links.probe': z.strictObject({ linkId }),
  'links.diagnose': z.strictObject({ linkId }),
  'links.download': z.strictObject({ linkId, folder: path, fileName: z.string().min(1).max(255) }),
  'links.upload': z.strictObject({ linkId, path, headers: z.record(z.string(), z.string()) }),
  'links.openFile': z.strictObject({ path }),
  'links.downloadFile': z.strictObject({
    fileId,
    folder: path,
    /** Places in the manifest's list, from 0; null takes all. */
    chosen: z.array(z.int().min(0)).min(1).max(200_000).nullable(),
  }),
  'links.fillSlot': z.strictObject({ fileId, name: key, path }),
} satisfies Record<keyof LinkResults, z.ZodType>;

/** What the calls about links give back. */
export interface LinkResults {
  /** With `renewSession`: the end that a renewed session would give. Asks STS for nothing that is not needed anyway. */
  'links.validity': LinkValidity;
  /** What the link would be: for each change in a form. */
  'links.check': LinkPlan;
  /** The link itself is on the clipboard and nowhere else. */
  'links.copy': LinkValidity & Pick<RecordedLink, 'bucket' | 'key' | 'versionId' | 'ledgerId'>;
  'links.make': RecordedLink;
  /** Of a URL with or without a note; without one it is taken for a download. */
  'links.snippets': LinkSnippets;
  /** The processed image, at most 8 MB. */
  'links.preview': { readonly contentType: string; readonly bytes: Uint8Array };
  /**
   * `path`: the file that was written, null for the clipboard. `failed`: objects without a link,
   * `archived`: those whose link opens nothing before they are restored; the first thousand of each.
   */
  'links.makeMany': LinkValidity & {
    readonly made: number;
    readonly path: string | null;
    readonly failedCount: number;
    readonly failed: readonly { readonly key: string; readonly failure: Failure }[];
    readonly archivedCount: number;
    readonly archived: readonly string[];
  };
  /** Ends a links.makeMany that is under way: it fails as cancelled, and nothing of it is recorded or written. */
  'links.cancelMaking': null;
  /** What the links of an upload request would be: for each change in a form. */
  'links.checkUploads': LinkPlan;
  /** `path`: the file that was written, null for the clipboard. Null where no file was chosen: then nothing was made. */
  'links.requestUploads': (LinkValidity & { readonly path: string | null; readonly slots: number }) | null;
  /** Which slots of an upload request that was opened were filled, as the account sees it. */
  'links.checkRequest': { readonly bucket: string; readonly slots: readonly SlotState[] };

  /** A link, or the text of a share manifest or of an upload request. */
  'links.inspect': LinkCard | FileCard;
  /** The link that came from outside the window (command line, `waybill:`), once; null where none waits. */
  'links.takeHanded': LinkCard | null;
  'links.probe': LinkProbe;
  'links.diagnose': LinkDiagnosis;
  'links.download': { readonly transferId: string };
  'links.upload': { readonly transferId: string };
  /** A share manifest, an upload request, or a text with a link in it that somebody sent as a file. */
  'links.openFile': LinkCard | FileCard;
  /** What was chosen of a manifest goes below the folder, as it was at the sender's. */
  'links.downloadFile': { readonly transferIds: readonly string[] };
  'links.fillSlot': { readonly transferId: string };
}
