import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PracticeBucket } from '../transfers/practice-bucket.ts';

/** What leads the command line to a practice server. `stateDir`: where commands note what is under way. */
export function environmentOf(
  { server, folder }: PracticeBucket,
  stateDir: string = join(folder, '.state'),
): Record<string, string> {
  const { endpoint, region, accessKeyId, accessKeySecret } = server;
  return {
    OSS_ENDPOINT: endpoint,
    OSS_REGION: region,
    OSS_ACCESS_KEY_ID: accessKeyId,
    OSS_ACCESS_KEY_SECRET: accessKeySecret,
    WAYBILL_STATE_DIR: stateDir,
  };
}

/** All that commands have noted of what is under way; empty where there is no such folder. */
export async function notesIn(stateDir: string): Promise<string> {
  const names = await readdir(stateDir).catch(() => []);
  return (await Promise.all(names.map((name) => readFile(join(stateDir, name), 'utf8')))).join('');
}
