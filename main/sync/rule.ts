/** Up: the folder is the source and the prefix the target. Down: the other way round. */
type SyncDirection = 'up' | 'down';

/** What a sync makes equal, and how. Only the target changes. */
export interface SyncRule {
  readonly direction: SyncDirection;
  /** Absolute path of the local folder. */
  readonly folder: string;
  readonly bucket: string;
  /** As prefixOf() has it: empty for the whole bucket, else with a slash at its end. */
  readonly prefix: string;
  /** `time`: by size and modification time. `checksum`: by size and CRC-64, which reads every file of equal size. */
  readonly compare: 'time' | 'checksum';
  /** Whether a file stays that is newer at the target. */
  readonly keepsNewer: boolean;
  /** Whether what the source doesn't have is deleted at the target. */
  readonly deletes: boolean;
  /** Patterns of paths; see patterns.ts. Without any, everything is included. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** The prefix that stands for a folder: with a slash at its end, and empty for the bucket. */
export function prefixOf(key: string): string {
  return key === '' || key.endsWith('/') ? key : `${key}/`;
}
