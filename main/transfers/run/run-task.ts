import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { WaybillError } from '../../failure.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { refuseLinkedFolders } from '../../local-files/walk.ts';
import { exists, freePath } from '../../local-files/free-path.ts';
import { baseName } from '../../oss/key-path.ts';
import type { Outcome } from '../byte-work.ts';
import { downloadObject, discardDownload } from '../download/download.ts';
import type { DownloadJob } from '../download/download-job.ts';
import { assertFileState } from '../file-state.ts';
import { assertObjectState } from '../stored-object.ts';
import { uploadThroughLink } from '../upload/link-upload.ts';
import { uploadThroughTicket } from '../upload/ticket-upload.ts';
import { accountSource, linkSource, type ObjectSource } from '../download/object-source.ts';
import { askOverwrite, choiceOf, finishEvent, skipEvent, storeByRule, nullIfTaken } from './overwrite.ts';
import { runCopy } from './run-copy.ts';
import {
  type Content,
  resolveRule,
  hasSameContent,
  contentOfFile,
  contentOfSource,
  type ResolvedRule,
  contentOfObject,
} from './same-content.ts';
import type { TransferEvent } from '../tasks/state.ts';
import type { TaskContext } from './task-context.ts';
import type { Task, Work } from '../tasks/task.ts';
import { uploadFile, uploadFolder } from '../upload/upload.ts';

/** Runs one attempt of a transfer and returns the event it ends with. @throws WaybillError */
export function runTask(task: Task, context: TaskContext): Promise<TransferEvent> {
  const { work } = task.record;
  switch (work.kind) {
    case 'upload':
      return runUpload(task, work, context);
    case 'upload-folder':
    case 'download-folder':
    case 'copy-folder':
      throw new Error('a folder task has no bytes of its own; run its children');
    case 'copy':
      return runCopy(task, work, context);
    case 'download':
    case 'link-download':
      return runDownload(task, work, context);
    case 'link-upload':
      return runLinkUpload(task, work, context);
    case 'ticket-upload':
      return runTicketUpload(task, work, context);
    default:
      return work satisfies never;
  }
}

const needsLink: TransferEvent = { type: 'block', need: 'fresh-link' };

async function runUpload(
  task: Task,
  work: Extract<Work, { kind: 'upload' }>,
  { options, watch, onRenamed, overwriteHints }: TaskContext,
): Promise<TransferEvent> {
  const { bucket, key } = work;
  const location = { connection: await options.connection(work.accountId, bucket), bucket, key };
  const existing = () => contentOfObject(location, watch.signal);
  // Called again if the key is taken: an earlier attempt's request may still have been in transit.
  const findEarlier = async (): Promise<Outcome | null> =>
    task.mayBeStored && (await isStored(work.path, existing)) ? { verified: 'crc64', versionId: null } : null;
  const earlier = await findEarlier();
  if (earlier !== null) return finishEvent(earlier);
  const { expects } = work;
  if (expects?.replaces != null) await assertObjectState(location, expects.replaces, watch.signal);
  // An existing folder is as good as a new one.
  const rule = work.what === 'empty-folder' ? 'skip' : choiceOf(task);
  const choice = await resolveRule(rule, () => contentOf(work.path), existing);
  const isSmall = task.isSmall || work.what === 'empty-folder';
  const request = { ...location, signal: watch.signal, hints: isSmall ? overwriteHints : null, findEarlier };
  const outcome = await storeByRule(request, choice, (free) => {
    if (free.key !== key) onRenamed({ key: free.key }, baseName(free.key));
    return work.what === 'empty-folder'
      ? uploadFolder(free, watch)
      : uploadFile({ ...free, path: work.path, file: expects?.file, checkpoint: task.checkpoints.upload }, watch);
  });
  return 'type' in outcome ? outcome : finishEvent(outcome);
}

async function runDownload(
  task: Task,
  work: Extract<Work, { kind: 'download' | 'link-download' }>,
  context: TaskContext,
): Promise<TransferEvent> {
  if (work.root !== undefined) await refuseLinkedFolders(work.root, work.path);
  if (work.kind === 'download' && work.what === 'folder') {
    await withFileErrors(work.path, mkdir(work.path, { recursive: true }));
    return { type: 'finish', verified: 'length', versionId: null };
  }
  const { replaces } = expectedOf(task);
  if (replaces !== undefined) await assertFileState(work.path, replaces);
  const source = await sourceOf(task, work, context);
  if (source === null) return needsLink;
  const incoming = () => contentOfSource(source, context.watch.signal);
  if (task.mayBeStored && (await isStored(work.path, incoming))) {
    if (task.checkpoints.download !== null) await discardDownload(task.checkpoints.download);
    return { type: 'finish', verified: 'crc64', versionId: null };
  }
  const choice = await resolveRule(choiceOf(task), incoming, () => contentOfFile(work.path));
  return storeDownload(task, { source, target: work.path, choice }, context);
}

/** Downloads to the path, or does what `choice` says if the path is taken. */
async function storeDownload(
  task: Task,
  request: { readonly source: ObjectSource; readonly target: string; readonly choice: ResolvedRule },
  context: TaskContext,
): Promise<TransferEvent> {
  const { source, choice } = request;
  let { target } = request;
  for (;;) {
    if (choice !== 'replace' && (await exists(target))) {
      if (choice === 'refuse') throw existsAlready(target);
      if (choice !== 'keep-both') return choice === 'ask' ? askOverwrite : skipEvent;
      target = await freePath(target);
      context.onRenamed({ path: target }, basename(target));
    }
    const { download: checkpoint } = task.checkpoints;
    const job = { source, target, replace: choice === 'replace', checkpoint, ...expectedOf(task) };
    const outcome = await nullIfTaken(
      downloadObject(job, { ...context.watch, onCheckpoint: context.onDownloadCheckpoint }),
    );
    if (outcome !== null) return finishEvent(outcome);
    if (choice === 'replace') throw existsAlready(target);
  }
}

/** What a comparison expects of a download's file. */
function expectedOf({ record: { work } }: Task): Pick<DownloadJob, 'replaces' | 'modifiedAt'> {
  const expects = work.kind === 'download' ? work.expects : undefined;
  return { replaces: expects?.replaces ?? undefined, modifiedAt: expects?.lastModified };
}

async function sourceOf(
  task: Task,
  work: Extract<Work, { kind: 'download' | 'link-download' }>,
  { options }: TaskContext,
): Promise<ObjectSource | null> {
  if (work.kind === 'download') {
    const connection = await options.connection(work.accountId, work.bucket);
    const object = { bucket: work.bucket, key: work.key, versionId: work.versionId ?? undefined };
    return accountSource(connection, object, work.expects?.etag);
  }
  const { link } = task;
  return link === null || !('url' in link)
    ? null
    : linkSource(link.url, { ...link, host: work.host }, options.dispatcher);
}

async function runLinkUpload(
  task: Task,
  work: Extract<Work, { kind: 'link-upload' }>,
  { options, watch }: TaskContext,
): Promise<TransferEvent> {
  if (task.link === null || !('url' in task.link)) return needsLink;
  const { url, headers } = task.link;
  return finishEvent(await uploadThroughLink({ url, headers, path: work.path, dispatcher: options.dispatcher }, watch));
}

async function runTicketUpload(
  task: Task,
  work: Extract<Work, { kind: 'ticket-upload' }>,
  { options, watch, onFileChanged }: TaskContext,
): Promise<TransferEvent> {
  const { link: ticket, checkpoints } = task;
  if (ticket === null || 'url' in ticket) return needsLink;
  const job = { ticket, path: work.path, checkpoint: checkpoints.upload, dispatcher: options.dispatcher };
  const outcome = await uploadThroughTicket(job, { ...watch, onFileChanged });
  return 'damaged' in outcome ? { type: 'give-up', because: outcome.damaged } : finishEvent(outcome);
}

/** Whether an attempt that was stopped, or whose process died, had stored the file before that was recorded. */
async function isStored(path: string, readOther: () => Promise<Content | null>): Promise<boolean> {
  const here = await contentOfFile(path);
  const other = here === null ? null : await readOther();
  return here !== null && other !== null && hasSameContent(here, other);
}

function existsAlready(path: string): WaybillError {
  return new WaybillError({ kind: 'file', reason: 'exists', path });
}

async function contentOf(path: string): Promise<Content> {
  const content = await contentOfFile(path);
  if (content === null) throw new WaybillError({ kind: 'file', reason: 'missing', path });
  return content;
}
