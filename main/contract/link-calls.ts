import { z } from 'zod';
import type { Failure } from '../failure.ts';
import { noteSchema, recipientSchema } from '../links/ledger/ledger-entry.ts';
import { linkLifetimeSchema, linkOptionFields } from '../links/making/link-options.ts';
import type { RecordedLink } from '../links/making/link-issuer.ts';
import type { LinkPlan } from '../links/making/link-plan.ts';
import { linkPresetSchema } from '../links/making/link-preset.ts';
import type { LinkSnippets } from '../links/making/snippets.ts';
import type { SlotState } from '../links/making/upload-request.ts';
import type { SignedLink } from '../links/making/sign-link.ts';
import type { LinkValidity } from '../links/making/validity.ts';
import type { LinkCard, LinkProbe } from '../links/receiving/link-card.ts';
import type { LinkDiagnosis } from '../links/receiving/link-diagnosis.ts';
import type { ReceivedCard } from '../links/receiving/received-files.ts';
import type { Recognised } from '../links/receiving/recognise.ts';
import { accountId, bucket, key, localPath, none, prefix, versionId } from './fields.ts';

export type { LinkListFormat } from '../links/making/link-list.ts';
export type { LinkTextFormat } from '../links/making/link-list.ts';
export type { LinkPreset } from '../links/making/link-preset.ts';
export type { LinkOptions } from '../links/making/link-options.ts';
export type { LinkMethod } from '../links/text/link-note.ts';
export type { InputFailure } from '../links/making/link-rules.ts';
export type { LinkPlan } from '../links/making/link-plan.ts';
export type { SignedLink } from '../links/making/sign-link.ts';
export type { LinkValidity } from '../links/making/validity.ts';
export type { LinkSnippets } from '../links/making/snippets.ts';
export type { CdnFile, LinkCard, LinkProbe, PublicFile, ReceivedLink } from '../links/receiving/link-card.ts';
export type { LinkDiagnosis } from '../links/receiving/link-diagnosis.ts';
export type { ListedAddress } from '../links/receiving/pasted-list.ts';
export type { FileCard, LinkListCard, ReceivedCard } from '../links/receiving/received-files.ts';
export type { ReceivedKind, Recognised } from '../links/receiving/recognise.ts';

const linkId = z.uuid();
const fileId = z.uuid();
const receivedText = z.string().max(20_000_000);
const fileName = z.string().min(1).max(255);
const object = { accountId, bucket, key, versionId: versionId.nullable() };

/** What the ledger stores with a link; `revocable`: a session assumed for it alone signs it (needs a role). */
const record = z
  .strictObject({ note: noteSchema, recipient: recipientSchema, revocable: z.boolean() })
  .partial()
  .optional();

const uploadRequest = {
  ...{ accountId, bucket, prefix },
  /** Looser than what main accepts, so that main can explain what is wrong. */
  slots: z.union([
    z.strictObject({ count: z.number() }),
    z.strictObject({ names: z.array(z.string().max(4096)).max(100_000) }),
  ]),
  ...linkOptionFields,
};

/** Arguments of the calls about links, both created and received. */
export const linkCalls = {
  'links.validity': z.strictObject({ accountId, ...linkLifetimeSchema.shape }),
  'links.check': z.strictObject({ ...object, ...linkOptionFields, revocable: z.boolean() }),
  'links.copy': z.strictObject({
    ...{ accountId, bucket, key },
    as: z.enum(['url', 'markdown', 'html']).exactOptional(),
    /** Instead of the account's defaults. */
    preset: linkPresetSchema.exactOptional(),
  }),
  'links.make': z.strictObject({ ...object, ...linkOptionFields, record }),
  'links.snippets': z.strictObject({ text: z.string().max(100_000) }),
  'links.preview': z.strictObject({ ...object, process: z.string().min(1).max(4096) }),
  'links.makeMany': z.strictObject({
    ...{ accountId, bucket },
    keys: z.array(key).max(100_000),
    prefixes: z.array(prefix).max(1000),
    format: z.enum(['text', 'csv', 'json', 'markdown', 'html', 'manifest', 'page']),
    /** Where the file is written; null puts the list on the clipboard. */
    folder: localPath.nullable(),
    ...linkOptionFields,
    record,
  }),
  'links.cancelMaking': none,
  'links.checkUploads': z.strictObject(uploadRequest),
  'links.requestUploads': z.strictObject({
    ...uploadRequest,
    /** Shown to whoever opens the request, and stored in the ledger. */
    note: noteSchema,
    recipient: recipientSchema,
    format: z.enum(['request', 'curl']),
    /** `file` opens the system's save dialog. */
    to: z.enum(['file', 'clipboard']),
  }),
  'links.checkRequest': z.strictObject({ accountId, fileId }),

  'links.recognise': z.union([
    z.strictObject({ text: receivedText }),
    z.strictObject({ paths: z.array(localPath).min(1).max(100) }),
  ]),
  'links.inspect': z.strictObject({ text: receivedText }),
  'links.takeHanded': none,
  'links.probe': z.strictObject({ linkId }),
  'links.diagnose': z.strictObject({ linkId }),
  'links.download': z.strictObject({ linkId, folder: localPath, fileName }),
  'links.upload': z.strictObject({ linkId, path: localPath, headers: z.record(z.string(), z.string()) }),
  /** Opens a pasted address that isn't a signed link, after main has asked. */
  'links.browse': z.strictObject({ linkId }),
  'links.openFile': z.strictObject({ path: localPath }),
  'links.openListed': z.strictObject({ fileId, place: z.int().min(0) }),
  'links.downloadFile': z.strictObject({
    fileId,
    folder: localPath,
    /** Positions in the list of the manifest or of the pasted links, from 0; null downloads all. */
    chosen: z.array(z.int().min(0)).min(1).max(200_000).nullable(),
  }),
  'links.fillSlot': z.strictObject({ fileId, name: key, path: localPath }),
  'links.sendTicket': z.strictObject({ fileId, path: localPath }),
} satisfies Record<keyof LinkResults, z.ZodType>;

/** Results of the calls about links. */
export interface LinkResults {
  /** Returns how long a link would be valid. With `renewSession` it expects a fresh session, but doesn't request one. */
  'links.validity': LinkValidity;
  /** Returns what a link would be and all that is wrong with its options. Signs and records nothing. */
  'links.check': LinkPlan;
  /** Creates a download link by a preset or the account's defaults, records it and puts it on the clipboard and nowhere else. */
  'links.copy': LinkValidity & Pick<RecordedLink, 'bucket' | 'key' | 'versionId' | 'ledgerId' | 'warnings'>;
  /** Creates a link and records it. Fails with `input` for what OSS would reject, or with what STS answered. */
  'links.make': RecordedLink;
  /** Returns code that sends the request of a signed URL; without its note the URL counts as a download. */
  'links.snippets': LinkSnippets;
  /** Returns an image processed by OSS. Fails with `input` over 8 MB. */
  'links.preview': { readonly contentType: string; readonly bytes: Uint8Array };
  /**
   * Creates and records links for many objects and writes the list to a file or the clipboard (`path` null). `failed`
   * holds objects without a link, `archived` those whose link fails until they are restored: the first 1,000 of each.
   */
  'links.makeMany': LinkValidity & {
    readonly made: number;
    readonly path: string | null;
    readonly failedCount: number;
    readonly failed: readonly { readonly key: string; readonly failure: Failure }[];
    readonly archivedCount: number;
    readonly archived: readonly string[];
    readonly warnings: SignedLink['warnings'];
  };
  /** Cancels this window's `links.makeMany`, which fails with `cancelled` and records and writes nothing. */
  'links.cancelMaking': null;
  /** Returns what the links of an upload request would be. Signs and records nothing. */
  'links.checkUploads': LinkPlan;
  /** Creates an upload request and saves it (`path` null: clipboard). Returns null if the dialog was cancelled. */
  'links.requestUploads': (LinkValidity & { readonly path: string | null; readonly slots: number }) | null;
  /** Returns which slots of an opened upload request are filled, as the account sees it. */
  'links.checkRequest': { readonly bucket: string; readonly slots: readonly SlotState[] };

  /**
   * Returns what Waybill can do with a text, or with each of some files, judged by the start of their content; null for
   * nothing, and for folders. Sends nothing.
   */
  'links.recognise': readonly Recognised[];
  /** Reads a pasted link, several of them, a share manifest, an upload request or a ticket. Sends nothing. */
  'links.inspect': ReceivedCard;
  /** Returns the link that came from outside (command line or `waybill:`) once, or null. */
  'links.takeHanded': LinkCard | null;
  /** Fetches one byte of a received link to learn its size and type. Fails with `link` if the server rejects it. */
  'links.probe': LinkProbe;
  /** Asks the server why a received link fails. Only reads. Fails with `network` if the server isn't reached. */
  'links.diagnose': LinkDiagnosis;
  /** Queues the download of a received link into a folder. Fails with `file`. */
  'links.download': { readonly transferId: string };
  /** Queues the upload of a file through a received link, with the headers that the link needs. */
  'links.upload': { readonly transferId: string };
  /** Reads a file with a share manifest, an upload request, an upload ticket or links. Sends nothing. Fails with `file` or `input`. */
  'links.openFile': ReceivedCard;
  /** Returns one link of a pasted list, given by its position, as if it had been pasted alone. Sends nothing. */
  'links.openListed': LinkCard;
  /** Queues downloads of a manifest's objects into a folder, with the sender's subfolders; or of pasted links. */
  'links.downloadFile': { readonly transferIds: readonly string[] };
  'links.browse': null;
  /** Queues the upload of a file into a slot of an upload request. */
  'links.fillSlot': { readonly transferId: string };
  /** Queues the upload of a file through an opened upload ticket, or resumes one that waits for it. */
  'links.sendTicket': { readonly transferId: string };
}
