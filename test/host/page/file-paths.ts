// webUtils.getPathForFile, answered at once as in Electron.
import { callHost } from './host-link.ts';

/**
 * A File that crosses from the page's world is a copy. So when several are dropped or picked, all their paths are asked
 * for in one go and remembered by what a copy keeps; null marks two files that look alike, which are asked for singly.
 */
let known = new Map<string, string | null>();

function likeness(file: File): string {
  return `${file.size}/${file.lastModified}/${file.name}`;
}

function learn(files: FileList | null | undefined): void {
  const all = [...(files ?? [])];
  known = new Map();
  if (all.length < 2) return;
  const paths = callHost(all);
  all.forEach((file, index) => {
    const path = paths[index] ?? '';
    const before = known.get(likeness(file));
    known.set(likeness(file), before === undefined || before === path ? path : null);
  });
}

export function watchForFiles(): void {
  addEventListener('drop', (event) => event.isTrusted && learn(event.dataTransfer?.files), true);
  addEventListener('paste', (event) => event.isTrusted && learn(event.clipboardData?.files), true);
  addEventListener('change', (event) => event.target instanceof HTMLInputElement && learn(event.target.files), true);
}

export function getPathForFile(file: unknown): string {
  if (!(file instanceof File)) throw new TypeError('Argument must be a File');
  return known.get(likeness(file)) ?? callHost([file])[0] ?? '';
}
