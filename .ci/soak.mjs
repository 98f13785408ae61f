// npm run soak: transfers that are killed fifty times at random, and all faults of the network, over and over for minutes.
import { run } from './steps.mjs';

const files = ['journal', 'faults', 'queue', 'upload', 'download'].map(
  (name) => `test/integration/transfers/${name}.test.ts`,
);
files.push('test/integration/cli/real-faults.test.ts');
const rounds = Number(process.argv[2] ?? 3);
for (let round = 1; round <= rounds && !process.exitCode; round += 1) {
  process.exitCode = await run('npx', ['vitest', 'run', '--project', 'integration', ...files], {
    env: { WAYBILL_SOAK: '1' },
  });
}
