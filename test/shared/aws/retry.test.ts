import { expect, it, onTestFinished, vi } from 'vitest';
import { PatientRetry } from '../../../shared/aws/retry.ts';

const now = () => new Date('2026-11-20T12:00:00Z');

/** Fails again and again with this type; how long was waited before each further try. */
async function waits(
  errorType: 'THROTTLING' | 'TRANSIENT' | 'CLIENT_ERROR',
  attempts: number,
  random = 1,
  retryAfterHint?: Date,
) {
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
  };
  const strategy = new PatientRetry({ now, attempts, sleep, random: () => random });
  let token = await strategy.acquireInitialRetryToken();
  try {
    for (;;)
      token = await strategy.refreshRetryTokenForRetry(token, {
        errorType,
        ...(retryAfterHint && { retryAfterHint }),
      });
  } catch {
    return slept;
  }
}

it('B5.28 doubles its waits up to twenty seconds, longer when throttled', async () => {
  expect(await waits('TRANSIENT', 5)).toEqual([100, 200, 400, 800]);
  expect(await waits('THROTTLING', 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
});

it('B5.28 spreads its waits at random from zero to the full', async () => {
  expect(await waits('TRANSIENT', 4, 0.5)).toEqual([50, 100, 200]);
  expect(await waits('TRANSIENT', 4, 0)).toEqual([0, 0, 0]);
});

it('waits as long as AWS asks for, five seconds more than by itself at most', async () => {
  expect(await waits('TRANSIENT', 2, 1, new Date(8.64e15))).toEqual([5_100]);
  expect(await waits('TRANSIENT', 2, 1, new Date(0))).toEqual([100]);
});

it('B5.28 gives the budget back what a retry cost once it is answered', async () => {
  const strategy = new PatientRetry({ now, attempts: 3, sleep: async () => {}, random: () => 0 });
  for (let call = 0; call < 1_000; call++) {
    const token = await strategy.acquireInitialRetryToken();
    strategy.recordSuccess(await strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING' }));
  }
});

it('B5.28 waits by the clock that it was given, and by no other', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());

  expect(await waits('TRANSIENT', 3)).toEqual([100, 200]);
});

it('does not repeat what will be refused again', async () => {
  expect(await waits('CLIENT_ERROR', 5)).toEqual([]);
});

it('B5.28 stops retrying anything once the common budget is used up', async () => {
  const sleep = async () => {};
  const strategy = new PatientRetry({ now, attempts: 1_000, sleep, random: () => 0 });
  let token = await strategy.acquireInitialRetryToken();
  let retries = 0;

  await expect(
    (async () => {
      for (;;) {
        token = await strategy.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT' });
        retries += 1;
      }
    })(),
  ).rejects.toThrow('the budget of retries is used up');

  expect(retries).toBeLessThan(200);
});
