import { closeSync, fstatSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../local-files/file-failure.ts';
import { chunksOf, writeText } from '../local-files/line-file.ts';
import { readLines } from '../local-files/read-lines.ts';
import type { FolderWork, PlannedTransfer } from '../transfers/queue/planned-transfer.ts';
import { compare, type CompareTools } from './compare.ts';
import type { SyncRule } from './rule.ts';
import type { SyncEntry, SyncStep } from './step.ts';
import { addToTotals, noTotals, type SyncTotals } from './totals.ts';

/** A comparison on its way. */
export interface PlanTools extends CompareTools {
  /** Called after every page of the comparison, with the sums so far. */
  readonly onProgress?: (totals: SyncTotals) => void;
}

/**
 * What a sync is going to do, in a file of JSON lines that only its owner can read: one a path, in the order of OSS, without
 * those that stay as they are. The transfer queue carries out its uploads and downloads, and nothing else.
 */
export class SyncPlan {
  readonly rule: SyncRule;
  readonly totals: SyncTotals;
  readonly file: string;

  private constructor(rule: SyncRule, totals: SyncTotals, file: string) {
    this.rule = rule;
    this.totals = totals;
    this.file = file;
  }

  /** Compares both sides and writes the plan to a new file. @throws as compare(), and WaybillError `file` for that file */
  static async make(rule: SyncRule, file: string, tools: PlanTools): Promise<SyncPlan> {
    const fd = createFile(file);
    let totals = noTotals;
    try {
      for await (const page of compare(rule, tools)) {
        totals = page.reduce(addToTotals, totals);
        for (const text of chunksOf(page.filter(({ step }) => step.action !== 'none'))) writeText(fd, text);
        tools.onProgress?.(totals);
      }
      return new SyncPlan(rule, totals, file);
    } catch (error) {
      rmSync(file, { force: true });
      throw fileError(error, file);
    } finally {
      closeSync(fd);
    }
  }

  /** The entries with one of these actions, read piece by piece. @throws WaybillError `file` */
  *entries(...actions: readonly SyncStep['action'][]): Generator<SyncEntry> {
    const fd = openSync(this.file, 'r');
    try {
      for (const { text } of readLines(fd, fstatSync(fd).size)) {
        // Written by make() and private: its lines are entries.
        const entry = JSON.parse(text ?? '') as SyncEntry;
        if (actions.includes(entry.step.action)) yield entry;
      }
    } catch (error) {
      throw fileError(error, this.file);
    } finally {
      closeSync(fd);
    }
  }

  /** The transfer that carries out the uploads or downloads; null if there are none. */
  transfer(accountId: string, name: string): PlannedTransfer | null {
    const { direction, bucket, prefix, folder } = this.rule;
    const { upload, download } = this.totals.actions;
    if (upload.count + download.count === 0) return null;
    const kind = direction === 'up' ? 'upload-folder' : 'download-folder';
    const work: FolderWork = { kind, accountId, bucket, key: prefix, path: folder, plan: this.file };
    return { work, name, sizeBytes: null, failure: null };
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}

function createFile(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return openSync(file, 'ax', 0o600);
  } catch (error) {
    throw fileError(error, file);
  }
}
