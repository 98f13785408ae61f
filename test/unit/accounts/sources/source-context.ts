import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SourceContext } from '../../../../main/accounts/sources/source.ts';
import { makeDispatcher } from '../../../../main/http/dispatcher.ts';
import { ServerClock } from '../../../../main/oss/connection.ts';

/** A home folder with files in it, and a context for sources that read them. Its clock is set by the test. */
export async function makeSourceContext(
  files: Readonly<Record<string, string | object>> = {},
  environment: Readonly<Record<string, string>> = {},
) {
  const home = await mkdtemp(join(tmpdir(), 'waybill-home-'));
  const dispatcher = makeDispatcher();
  onTestFinished(async () => {
    await dispatcher.destroy();
    await rm(home, { recursive: true });
  });
  const write = async (path: string, content: string | object): Promise<void> => {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  for (const [path, content] of Object.entries(files)) await write(path, content);
  const time = { now: Date.parse('2026-11-30T12:00:00Z') };
  const clock = new ServerClock(() => time.now);
  const context: SourceContext = { dispatcher, clock, environment, home, stsEndpoint: null };
  return { context, time, home, write };
}
