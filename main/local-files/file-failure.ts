import { type Failure, WaybillError } from '../failure.ts';

type FileReason = Extract<Failure, { kind: 'file' }>['reason'];

const reasons: Readonly<Record<string, FileReason>> = {
  ENOENT: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  EBUSY: 'denied',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EEXIST: 'exists',
  ENOTEMPTY: 'exists',
  EISDIR: 'not-a-file',
  ENOTDIR: 'not-a-file',
  ENXIO: 'not-a-file',
  ENAMETOOLONG: 'bad-name',
  EILSEQ: 'bad-name',
  EINVAL: 'bad-name',
  ELOOP: 'bad-name',
};

/** The WaybillError `file` of an error of the file system; any other error comes back as it is. */
export function fileError(error: unknown, path: string): unknown {
  if (error instanceof WaybillError) return error;
  const code = errorCode(error);
  if (code === null) return error;
  return new WaybillError({ kind: 'file', reason: reasons[code] ?? 'read-error', path }, { cause: error });
}

/** Awaits work on a file and throws its errors as WaybillError `file` naming the path. */
export async function withFileErrors<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fileError(error, path);
  }
}

/** The code of an error of the system (`ENOENT`), null for another kind of error. */
export function errorCode(error: unknown): string | null {
  // A call of the system: undici's errors have codes too, but no syscall.
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
