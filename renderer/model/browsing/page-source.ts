import type { call } from '../../lib/bridge.ts';
import type { VersionsPage } from '../../../main/contract/contract.ts';
import { type Row, toRows, toVersionRows } from '../../lib/rows.ts';
import type { FolderRef } from '../../lib/subjects.ts';

/** Searches OSS, not the loaded rows: for names that start with the text, or for keys at any depth that contain it. */
export interface Search {
  readonly kind: 'starts-with' | 'anywhere';
  readonly text: string;
}

/** Rows in the order of OSS. */
export interface Page {
  readonly folders: readonly Row[];
  readonly objects: readonly Row[];
  /** How many keys OSS listed for this page. */
  readonly scanned: number;
  readonly nextPageToken: string | null;
}

/** Returns the page of a token; null requests the first page. */
export type PageSource = (pageToken: string | null) => Promise<Page>;

/** What to list of a folder: everything or the results of a search, with all versions or the current ones only. */
export interface Listed {
  readonly search: Search | null;
  readonly versions: boolean;
}

export function makePageSource(folder: FolderRef, { search, versions }: Listed, callMain: typeof call): PageSource {
  const { prefix } = folder;
  if (search?.kind === 'anywhere') {
    return async (pageToken) => {
      const found = await callMain('objects.search', { ...folder, text: search.text, pageToken });
      const { objects } = toRows({ ...found, prefixes: [] }, prefix);
      return { folders: [], objects, scanned: found.scanned, nextPageToken: found.nextPageToken };
    };
  }
  const asked = { ...folder, prefix: `${prefix}${search?.text ?? ''}` };
  if (versions) {
    return async (pageToken) => {
      const after = pageToken === null ? null : (JSON.parse(pageToken) as VersionsPage['after']);
      const page = await callMain('objects.listVersions', { ...asked, after });
      const rows = toVersionRows(page, prefix);
      const scanned = rows.folders.length + rows.objects.length;
      return { ...rows, scanned, nextPageToken: page.after === null ? null : JSON.stringify(page.after) };
    };
  }
  return async (pageToken) => {
    const page = await callMain('objects.list', { ...asked, pageToken });
    const { folders, objects } = toRows(page, prefix);
    return { folders, objects, scanned: folders.length + objects.length, nextPageToken: page.nextPageToken };
  };
}
