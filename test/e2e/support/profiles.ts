import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PracticeServer } from '../../../main/practice/server.ts';
import type { Home } from './app.ts';

/** What a profile of the aliyun CLI says, in the CLI's own words. */
export type CliProfile = Readonly<Record<string, string>>;

/** Writes the profiles of the aliyun CLI into the home. @returns the folder that holds them */
export async function writeProfiles(home: Home, current: string, profiles: readonly CliProfile[]): Promise<string> {
  const folder = join(home.folder, '.aliyun');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify({ current, profiles }));
  return folder;
}

/** The part of a profile that signs as the server's owner. */
export function ownerKey({ accessKeyId, accessKeySecret }: PracticeServer): CliProfile {
  return { mode: 'AK', access_key_id: accessKeyId, access_key_secret: accessKeySecret };
}
