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
    env: {
      NO_COLOR: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      // The SDK's own defaults. Said here, no client looks for them in the files of whoever runs the tests.
      AWS_AUTH_SCHEME_PREFERENCE: '',
      AWS_DEFAULTS_MODE: 'legacy',
      AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'false',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_SUPPORTED',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'WHEN_SUPPORTED',
      AWS_RETRY_MODE: 'standard',
      AWS_S3_DISABLE_EXPRESS_SESSION_AUTH: 'false',
      AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS: 'false',
      AWS_SDK_UA_APP_ID: '',
      AWS_USE_DUALSTACK_ENDPOINT: 'false',
      AWS_USE_FIPS_ENDPOINT: 'false',
    },
  },
});
