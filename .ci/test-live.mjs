// npm run test:live: the suite of test/integration/oss on a real bucket, below a prefix of its own that it empties again.
// OSS_TEST_V1=1 signs with V1 too, OSS_TEST_VERSIONED=1 says that the bucket has versioning enabled.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const needed = [
  'OSS_TEST_BUCKET',
  'OSS_TEST_ENDPOINT',
  'OSS_TEST_REGION',
  'OSS_ACCESS_KEY_ID',
  'OSS_ACCESS_KEY_SECRET',
];
const missing = needed.filter((name) => !process.env[name]);

if (missing.length > 0) {
  console.log(`not run: set ${missing.join(', ')} (and OSS_SESSION_TOKEN for temporary credentials)`);
} else {
  const { status } = spawnSync(
    'npx',
    ['vitest', 'run', '--project', 'integration', 'test/integration/oss/operations.test.ts'],
    {
      cwd: dirname(dirname(fileURLToPath(import.meta.url))),
      env: { ...process.env, WAYBILL_TEST_LIVE: '1' },
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  );
  process.exitCode = status ?? 1;
}
