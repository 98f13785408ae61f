#!/usr/bin/env node
import { processOutput } from './cli/terminal/output.ts';
import { overview } from './cli/usage/overview.ts';

const args = process.argv.slice(2);
if (/^(--help|-h|help)$/.test(args[0] ?? '')) {
  await processOutput().answer(overview);
} else {
  const { loadProgram } = await import('./cli/load-program.ts');
  process.exitCode = await loadProgram(import.meta.dirname).run(args);
}
