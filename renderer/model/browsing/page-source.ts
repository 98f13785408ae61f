import type { call } from '../../lib/bridge.ts';
import type { VersionsPage } from '../../../main/contract/contract.ts';
import { type Row, toRows, toVersionRows } from '../../lib/rows.ts';
import type { FolderRef } from '../../lib/subjects.ts';

/** Asks OSS in place of what is loaded: for names that begin with the text, or for keys at any depth that have it in them. */
export interface Search {
  readonly kind: 'starts-with' | 'anywhere';
  readonly text: string;
}

/** Rows in the order of OSS. */
export interface Page {
  readonly folders: readonly Row[];
  readonly objects: readonly Row[];
  /** How many keys were looked at for it. */
  readonly scanned: number;
  readonly nextPageToken: string | null;
}

/** Gives the page of a token; null is the first one's. */
export type PageSource = (pageToken: string | null) => Promise<Page>;

/** What of a folder is listed: everything, or what a search finds; with all versions, or what is current. */
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
