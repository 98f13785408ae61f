import type { Seeded } from '../../support/seeded.ts';

/** What happened to a file: its new content, or null for a folder in its place. */
export interface Damage {
  readonly name: string;
  readonly bytes: Buffer | null;
}

const PAGE_BYTES = 4096;

type Kind = (bytes: Buffer, random: Seeded) => Buffer | null;

/** What disks, crashes and people do to files. */
const kinds: Readonly<Record<string, Kind>> = {
  truncated: (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  'page of zeros': (bytes, random) => {
    const [start] = range(bytes, random);
    const page = bytes.length > 2 * PAGE_BYTES ? start - (start % PAGE_BYTES) : start;
    return Buffer.from(bytes).fill(0, page, Math.min(bytes.length, page + PAGE_BYTES));
  },
  'flipped bits': (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let left = 1 + random.below(5); left > 0; left -= 1) {
      const at = random.below(bytes.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    }
    return changed;
  },
  'swapped lines': (bytes, random) => {
    const lines = bytes.toString('latin1').split('\n');
    const [one, two] = [random.below(lines.length), random.below(lines.length)];
    [lines[one], lines[two]] = [lines[two] ?? '', lines[one] ?? ''];
    return Buffer.from(lines.join('\n'), 'latin1');
  },
  'garbage inserted': (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), garbage(random), bytes.subarray(at)]);
  },
  'block twice': (bytes, random) => {
    const [start, end] = range(bytes, random);
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(start, end), bytes.subarray(at)]);
  },
  'block lost': (bytes, random) => {
    const [start, end] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  empty: () => Buffer.alloc(0),
  'all zeros': (bytes) => Buffer.alloc(bytes.length),
  foreign: (_, random) =>
    Buffer.from(random.pick(['[Desktop Entry]\nIcon=7\n', '{"format":"other","version":9}\n', '[]', 'null'])),
  'a folder': () => null,
};

function garbage(random: Seeded): Buffer {
  return Buffer.from(Array.from({ length: 1 + random.below(300) }, () => random.below(256)));
}

function range(bytes: Buffer, random: Seeded): readonly [number, number] {
  const start = random.below(bytes.length);
  return [start, start + 1 + random.below(bytes.length - start)];
}

export function damage(bytes: Buffer, random: Seeded): Damage {
  const name = random.pick(Object.keys(kinds));
  return { name, bytes: kinds[name]?.(bytes, random) ?? null };
}
