import { defineConfig } from 'vitest/config';
import { tiers } from './test/helpers/tiers.ts';

const { fast, program, tidy } = tiers();
// Bounds for a hang, not for a slow machine: a test of every tool takes 20 s on two idle cores.
const shared = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    // Most of the time is spent waiting for instruments in real time, not computing.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...shared,
          name: 'tidy',
          include: tidy,
          isolate: false,
          globalSetup: 'test/helpers/data-folder.ts',
        },
      },
      { test: { ...shared, name: 'fast', include: fast, globalSetup: 'test/helpers/data-folder.ts' } },
      {
        test: {
          ...shared,
          name: 'program',
          include: program,
          globalSetup: ['test/helpers/build-program.ts', 'test/helpers/data-folder.ts'],
        },
      },
    ],
  },
});
