/** Which file goes to which slot of an upload request. */
export interface Assignment {
  readonly taken: readonly { readonly name: string; readonly path: string }[];
  /** Files that match no slot. */
  readonly left: readonly string[];
}

/**
 * Matches files to slots by their whole name (`2026/list.csv`) or its last part, if necessary ignoring case. Slots
 * named by a number accept any file: the remaining files go to the free ones in order.
 * @param free names of the slots without a file so far
 */
export function assignFiles(free: readonly string[], paths: readonly string[]): Assignment {
  const open = new Set(free);
  const taken: { name: string; path: string }[] = [];
  const unnamed: string[] = [];
  for (const path of paths) {
    const name = slotFor(path, open);
    if (name === undefined) {
      unnamed.push(path);
      continue;
    }
    open.delete(name);
    taken.push({ name, path });
  }
  const numbers = [...open].filter((name) => /^\d+$/.test(name));
  const numbered = unnamed.slice(0, numbers.length).map((path, index) => ({ name: numbers[index] ?? '', path }));
  return { taken: [...taken, ...numbered], left: unnamed.slice(numbers.length) };
}

function slotFor(path: string, open: ReadonlySet<string>): string | undefined {
  const normal = path.replaceAll('\\', '/');
  const file = lastPart(normal);
  const names = [...open];
  return (
    names.filter((name) => normal.endsWith(`/${name}`)).sort((one, other) => other.length - one.length)[0] ??
    names.find((name) => lastPart(name) === file) ??
    names.find((name) => lastPart(name).toLowerCase() === file.toLowerCase())
  );
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
