import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** A poll waits for what a loaded machine does late; what never comes still fails. */
const expect = { poll: { timeout: 10_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        // Node has no DOM, but state classes must run as they do in the window: with effects.
        plugins: [svelte({ dynamicCompileOptions: () => ({ generate: 'client' }) })],
        ssr: { resolve: { conditions: ['browser'] } },
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          environment: 'node',
          expect,
          testTimeout: 20_000,
          server: { deps: { inline: [/svelte/] } },
        },
      },
      {
        test: {
          name: 'fuzz',
          include: ['test/fuzz/**/*.fuzz.ts'],
          environment: 'node',
          expect,
          // Millions of inputs (FUZZ_RUNS) take hours.
          testTimeout: process.env['FUZZ_RUNS'] === undefined ? 900_000 : 14_400_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: 'test/integration/shared-folder.ts',
          environment: 'node',
          expect,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          retry: process.env['CI'] ? 1 : 0,
        },
      },
    ],
  },
});
