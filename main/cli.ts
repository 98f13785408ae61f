#!/usr/bin/env node
import { help } from './cli/help.ts';
import { processOutput } from './cli/terminal/output.ts';

const args = process.argv.slice(2);
if (/^(--help|-h|help)$/.test(args[0] ?? '')) {
  await processOutput().answer(help);
} else {
  const { loadProgram } = await import('./cli/load-program.ts');
  process.exitCode = await loadProgram(import.meta.dirname).run(args);
}
