import { dirname } from 'node:path';
import type { Seeded } from './seeded.ts';

/** Something that a program did to the disk, or said about it. */
export type Operation =
  | { readonly do: 'write'; readonly file: number; readonly at: number; readonly bytes: Buffer }
  | { readonly do: 'truncate'; readonly file: number; readonly length: number }
  | { readonly do: 'sync'; readonly file: number }
  | { readonly do: 'name'; readonly path: string; readonly file: number }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  | { readonly do: 'sync-folder'; readonly path: string }
  | { readonly do: 'say'; readonly what: string };

const PAGE_BYTES = 4096;

/**
 * A disk that a power cut after these operations may leave, as contents by path: what was synced is there; of what was
 * not, any page may be missing, or the end of the file, and names are as they were when their folder was last synced, or
 * at any moment since.
 */
export function diskOf(done: readonly Operation[], random: Seeded): ReadonlyMap<string, Buffer> {
  return new Map([...namesAt(done, random)].map(([path, file]) => [path, contentAt(done, file, random)]));
}

/** The names on the disk: those of the last sync of each folder, and any number of the changes since, in their order. */
function namesAt(done: readonly Operation[], random: Seeded): ReadonlyMap<string, number> {
  const lastSync = new Map<string, number>();
  done.forEach((one, at) => {
    if (one.do === 'sync-folder') lastSync.set(one.path, at);
  });
  const cut = random.below(done.length + 1);
  const names = new Map<string, number>();
  done.forEach((one, at) => {
    const path = one.do === 'name' || one.do === 'remove' ? one.path : one.do === 'rename' ? one.to : null;
    if (path === null || at > Math.max(cut, lastSync.get(folderOf(path)) ?? -1)) return;
    if (one.do === 'name') names.set(one.path, one.file);
    else if (one.do === 'remove') names.delete(one.path);
    else if (one.do === 'rename') {
      const file = names.get(one.from);
      names.delete(one.from);
      if (file !== undefined) names.set(one.to, file);
    }
  });
  return names;
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

/** The bytes of a file: of what was not synced, any page may be missing, and the end. */
function contentAt(done: readonly Operation[], file: number, random: Seeded): Buffer {
  const lastSync = done.findLastIndex((one) => one.do === 'sync' && one.file === file);
  const safe = replay(done.slice(0, lastSync + 1), file);
  const all = replay(done, file);
  const length = random.pick([
    safe.length,
    all.length,
    Math.min(safe.length, all.length) + random.below(Math.abs(all.length - safe.length) + 1),
  ]);
  const content = Buffer.alloc(length);
  for (let start = 0; start < length; start += PAGE_BYTES) {
    const from = random.below(2) === 0 ? safe : all;
    content.set(from.subarray(start, Math.min(start + PAGE_BYTES, length)), start);
  }
  return content;
}

function replay(done: readonly Operation[], file: number): Buffer {
  const own = done.filter((one) => (one.do === 'write' || one.do === 'truncate') && one.file === file);
  const ends = own.map((one) => (one.do === 'write' ? one.at + one.bytes.length : 0));
  const content = Buffer.alloc(Math.max(0, ...ends));
  let length = 0;
  for (const one of own) {
    if (one.do === 'write') {
      one.bytes.copy(content, one.at);
      length = one.at + one.bytes.length;
    } else if (one.do === 'truncate') {
      content.fill(0, one.length);
      length = one.length;
    }
  }
  return content.subarray(0, length);
}
