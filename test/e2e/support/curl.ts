import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MiB, sha256Of } from './files.ts';

export interface Fetched {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sha256: string;
  readonly text: string;
}

/** Fetches a URL as its receiver would, with a program that is not ours: no option changes how it reads the URL. */
export async function curl(url: string, options: readonly string[] = []): Promise<Fetched> {
  const folder = await mkdtemp(join(tmpdir(), 'curl-'));
  const [body, head] = [join(folder, 'body'), join(folder, 'head')];
  try {
    const { stdout } = await promisify(execFile)('curl', [
      ...['--silent', '--show-error', '--output', body, '--dump-header', head, '--write-out', '%{http_code}'],
      ...options,
      url,
    ]);
    const lines = (await readFile(head, 'utf8')).split('\r\n').filter((line) => line.includes(': '));
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
    });
    const sha256 = await sha256Of(body);
    const { size } = await stat(body);
    // Texts of the tests are short; of anything else the sum must do.
    const text = size < MiB ? await readFile(body, 'utf8') : '';
    return { status: Number(stdout), headers: Object.fromEntries(headers), sha256, text };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Sends a file with curl and these headers. @returns the status */
export async function curlUpload(url: string, path: string, headers: readonly string[] = []): Promise<number> {
  const { stdout } = await promisify(execFile)('curl', [
    ...['-sS', '-o', devNull, '-w', '%{http_code}', '-T', path],
    ...headers.flatMap((header) => ['-H', header]),
    url,
  ]);
  return Number(stdout);
}
