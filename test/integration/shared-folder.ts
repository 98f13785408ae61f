import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/** Makes a folder for what the integration tests share, before the first of them; any user may read it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-shared-'));
  await chmod(folder, 0o755);
  project.provide('sharedFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
