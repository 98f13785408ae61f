import { safeName } from '../local-files/safe-name.ts';
import { baseName } from '../oss/key-path.ts';
import type { OpenAnswer } from './opened-file.ts';
import { dangerOf } from './program-types.ts';

/** A larger object, in bytes, is only fetched after a question. */
const LARGE_BYTES = 100 * 1024 ** 2;

/** Starts a program with a file. @throws WaybillError if there is none */
export type ShowFile = (path: string) => Promise<void>;

/** What is to be opened, and how. */
export interface OpenRequest {
  readonly accountId: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  /** Whether the person has agreed to its size. */
  readonly isLargeFine: boolean;
  /** Whether a program that the person chose shows it, instead of the one that the system has for it. */
  readonly isProgramChosen: boolean;
}

/** The name that an object gets on the disk. */
export function localNameOf({ key }: Pick<OpenRequest, 'key'>): string {
  return safeName(baseName(key));
}

/** What stands against opening an object of this name; null if nothing does. */
export function dangerAnswer(request: OpenRequest): OpenAnswer | null {
  const danger = dangerOf(localNameOf(request));
  const isRefused = danger === 'program' || (danger === 'script' && !request.isProgramChosen);
  return isRefused ? { kind: 'program', isText: danger === 'script' } : null;
}

/** Likewise for its size. */
export function sizeAnswer(request: OpenRequest, sizeBytes: number | null): OpenAnswer | null {
  return (sizeBytes ?? 0) > LARGE_BYTES && !request.isLargeFine ? { kind: 'large', sizeBytes: sizeBytes ?? 0 } : null;
}
