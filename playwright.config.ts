import { defineConfig } from 'playwright/test';

export default defineConfig({
  testDir: 'test',
  testMatch: ['e2e/**/*.e2e.ts', 'host/**/*.e2e.ts'],
  outputDir: 'test-results',
  timeout: 90_000,
  // Generous: a machine under load takes its time, and an assertion that holds costs nothing.
  expect: { timeout: 15_000 },
  workers: 2,
  // A desktop has races of its own. What does not pass the first time is named as flaky in the closing report.
  retries: process.env['CI'] ? 1 : 0,
  fullyParallel: false,
  reporter: process.env['CI'] ? [['line'], ['json', { outputFile: 'test-results/e2e.json' }]] : 'list',
});
