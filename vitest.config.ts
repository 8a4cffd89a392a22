import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // `npm run test:long`: large accounts, long work, and serverless itself.
    include: [process.env.REEVE_LONG ? 'test/**/*.long.ts' : 'test/**/*.test.ts'],
    setupFiles: ['./test/support/stay-local.ts', './test/support/seed.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    pool: 'threads',
    maxWorkers: 2,
    isolate: false,
    // Only against tests that hang: a busy machine must not decide any.
    testTimeout: process.env.REEVE_LONG ? 300_000 : 120_000,
    env: { AWS_EC2_METADATA_DISABLED: 'true', NO_COLOR: '1' },
  },
});
