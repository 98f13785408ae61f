import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RememberedWays } from '../../../../main/cli/transfers/remembered-ways.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';

const way = { domain: 'https://files.example.com', region: 'cn-hangzhou', isHostRefused: true };

test.skipIf(process.platform === 'win32')(
  'nothing is kept in a folder that others can write to, so that no later command refuses it',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-ways-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const ways = new RememberedWays(folder, parseEndpoint('https://oss-cn-hangzhou.aliyuncs.com'), 'photos');
    await chmod(folder, 0o777);
    await ways.remember(way);
    expect(await readdir(folder)).toEqual([]);
    expect(await ways.read()).toBeNull();
    await chmod(folder, 0o700);
    await ways.remember(way);
    expect(await ways.read()).toEqual(way);
  },
);
