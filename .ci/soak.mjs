// npm run soak: transfers that are killed fifty times at random, all faults of the network, and power cuts, over and over;
// an hour of storm, divided among the rounds; and 6 GB through a ticket.
import { run } from './steps.mjs';

const files = ['journal', 'faults', 'queue', 'upload', 'download', 'power-cut', 'flipped-bytes', 'storm'].map(
  (name) => `test/integration/transfers/${name}.test.ts`,
);
files.push('test/integration/cli/real-faults.test.ts', 'test/integration/cli/large-ticket.test.ts');
const rounds = Number(process.argv[2] ?? 3);
for (let round = 1; round <= rounds && !process.exitCode; round += 1) {
  process.exitCode = await run('npx', ['vitest', 'run', '--project', 'integration', ...files], {
    env: {
      WAYBILL_SOAK: '1',
      POWER_CUTS: '200',
      FLIPS: '1000',
      STORM_SECONDS: String(Math.round(3600 / rounds)),
      TICKET_MB: '6144',
    },
  });
}
