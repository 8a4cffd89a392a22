import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // `npm run test:long`: large accounts, long work, and serverless itself.
    include: [process.env.REEVE_LONG ? 'test/**/*.long.ts' : 'test/**/*.test.ts'],
    setupFiles: ['./test/support/stay-local.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    pool: 'threads',
    maxWorkers: 2,
    isolate: false,
    testTimeout: process.env.REEVE_LONG ? 180_000 : 20_000,
    env: { AWS_EC2_METADATA_DISABLED: 'true', NO_COLOR: '1' },
  },
});
