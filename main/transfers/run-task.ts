import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Failure, toFailure, WaybillError } from '../failure.ts';
import { onFile } from '../local-files/file-failure.ts';
import { exists, freePath } from '../local-files/free-path.ts';
import { numberedName } from '../local-files/safe-name.ts';
import { headObject } from '../oss/objects.ts';
import type { Outcome } from './byte-work.ts';
import { downloadObject } from './download.ts';
import type { DownloadWatch } from './download-job.ts';
import { uploadThroughLink } from './link-upload.ts';
import { accountSource, linkSource, type ObjectSource } from './object-source.ts';
import type { OverwriteChoice, QueueOptions } from './requests.ts';
import { persist, REQUEST_PATIENCE } from './retry-policy.ts';
import type { TransferEvent } from './state.ts';
import { isTaken, type ObjectPlace } from './stored-object.ts';
import type { Task, Work } from './task.ts';
import { uploadFile, uploadFolder } from './upload.ts';
import type { UploadWatch } from './upload-job.ts';

/** What a running task needs from the queue. */
export interface TaskContext {
  readonly options: Pick<QueueOptions, 'connection' | 'dispatcher'>;
  readonly watch: UploadWatch & Omit<DownloadWatch, 'onCheckpoint'>;
  readonly onDownloadCheckpoint: DownloadWatch['onCheckpoint'];
  /** The transfer goes to another key or path than was asked for. */
  readonly onMoved: (to: { readonly key?: string; readonly path?: string }, name: string) => void;
}

/** Does all the work of a transfer, as far as it goes by itself. @throws WaybillError */
export function runTask(task: Task, context: TaskContext): Promise<TransferEvent> {
  const { work } = task.record;
  switch (work.kind) {
    case 'upload':
      return runUpload(task, work, context);
    case 'download':
    case 'link-download':
      return runDownload(task, work, context);
    case 'link-upload':
      return runLinkUpload(task, work, context);
    default:
      return work satisfies never;
  }
}

const askFirst: TransferEvent = { type: 'block', need: 'overwrite-choice' };
const needsLink: TransferEvent = { type: 'block', need: 'fresh-link' };
const skip: TransferEvent = { type: 'skip' };

function choiceOf(task: Task): OverwriteChoice | 'ask' {
  return task.record.choice ?? task.batch.choice ?? 'ask';
}

async function runUpload(
  task: Task,
  work: Extract<Work, { kind: 'upload' }>,
  context: TaskContext,
): Promise<TransferEvent> {
  const { bucket } = work;
  const connection = await context.options.connection(work.accountId, bucket);
  // An empty folder that is there already is what was wanted.
  const choice = work.what === 'empty-folder' ? 'skip' : choiceOf(task);
  let { key } = work;
  for (let number = 1; ; number += 1) {
    const place = { connection, bucket, key };
    const isFree = choice === 'replace' || !(await isKeyTaken(place, context.watch.signal));
    if (isFree) {
      if (key !== work.key) context.onMoved({ key }, lastSegment(key));
      const job = { ...place, existing: choice === 'replace' ? 'replace' : 'keep' } as const;
      const outcome = await unlessTaken(
        work.what === 'empty-folder'
          ? uploadFolder(job, context.watch)
          : uploadFile({ ...job, path: work.path, checkpoint: task.checkpoints.upload }, context.watch),
      );
      if (outcome !== null) return finished(outcome);
    }
    if (choice === 'ask') return askFirst;
    if (choice === 'skip') return skip;
    key = work.key.slice(0, work.key.lastIndexOf('/') + 1) + numberedName(lastSegment(work.key), number + 1);
  }
}

/** False also where nobody may tell: then OSS itself refuses to replace. */
async function isKeyTaken({ connection, bucket, key }: ObjectPlace, signal: AbortSignal): Promise<boolean> {
  try {
    await persist(() => headObject(connection, { bucket, key }, signal), REQUEST_PATIENCE, signal);
    return true;
  } catch (error) {
    const failure = toFailure(error);
    const isFree = failure.kind === 'oss' && failure.status === 404 && failure.code !== 'NoSuchBucket';
    const isSecret = failure.kind === 'credentials' && failure.reason === 'denied';
    if (isFree || isSecret) return false;
    throw error;
  }
}

async function runDownload(
  task: Task,
  work: Extract<Work, { kind: 'download' | 'link-download' }>,
  context: TaskContext,
): Promise<TransferEvent> {
  if (work.kind === 'download' && work.what === 'folder') {
    await onFile(work.path, mkdir(work.path, { recursive: true }));
    return { type: 'finish', verified: 'length', versionId: null };
  }
  const source = await sourceOf(task, work, context);
  if (source === null) return needsLink;
  const choice = choiceOf(task);
  let target = work.path;
  for (;;) {
    if (choice !== 'replace' && (await exists(target))) {
      if (choice !== 'keep-both') return choice === 'ask' ? askFirst : skip;
      target = await freePath(target);
      context.onMoved({ path: target }, basename(target));
    }
    const { download: checkpoint } = task.checkpoints;
    const job = { source, target, replace: choice === 'replace', checkpoint };
    const outcome = await unlessTaken(
      downloadObject(job, { ...context.watch, onCheckpoint: context.onDownloadCheckpoint }),
    );
    if (outcome !== null) return finished(outcome);
    if (choice === 'replace') throw new WaybillError({ kind: 'file', reason: 'exists', path: target });
  }
}

async function sourceOf(
  task: Task,
  work: Extract<Work, { kind: 'download' | 'link-download' }>,
  { options }: TaskContext,
): Promise<ObjectSource | null> {
  if (work.kind === 'download') {
    const connection = await options.connection(work.accountId, work.bucket);
    return accountSource(connection, { bucket: work.bucket, key: work.key, versionId: work.versionId ?? undefined });
  }
  const { link } = task;
  return link === null ? null : linkSource(link.url, { ...link, host: work.host }, options.dispatcher);
}

async function runLinkUpload(
  task: Task,
  work: Extract<Work, { kind: 'link-upload' }>,
  { options, watch }: TaskContext,
): Promise<TransferEvent> {
  if (task.link === null) return needsLink;
  const { url, headers } = task.link;
  return finished(await uploadThroughLink({ url, headers, path: work.path, dispatcher: options.dispatcher }, watch));
}

/** Null where the key or the path turned out to be taken only while the bytes were on their way. */
async function unlessTaken(work: Promise<Outcome>): Promise<Outcome | null> {
  try {
    return await work;
  } catch (error) {
    const failure: Failure = toFailure(error);
    if (isTaken(failure) || (failure.kind === 'file' && failure.reason === 'exists')) return null;
    throw error;
  }
}

function finished({ verified, versionId }: Outcome): TransferEvent {
  return { type: 'finish', verified, versionId };
}

function lastSegment(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
