#!/usr/bin/env node
import { help } from './cli/help.ts';
import { processOutput } from './cli/terminal/output.ts';

const args = process.argv.slice(2);
if (/^(--help|-h|help)$/.test(args[0] ?? '')) {
  await processOutput().answer(help);
} else {
  const { run } = await import('./cli/run.ts');
  process.exitCode = await run(args);
}
