import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batched, chunks } from '../../../shared/aws/batch.ts';

class Unknown extends Error {}

/** Answers in upper case; refuses a call that names one of `bad`. */
function service(...bad: readonly string[]) {
  const calls: (readonly string[])[] = [];
  const call = async (ids: readonly string[]): Promise<readonly string[]> => {
    calls.push(ids);
    if (ids.some((id) => bad.includes(id))) throw new Unknown();
    return ids.map((id) => id.toUpperCase());
  };
  return { calls, call };
}

const splits = (error: unknown): boolean => error instanceof Unknown;

it('calls once per chunk when nothing is wrong', async () => {
  const { calls, call } = service();

  const { results, refused } = await batched([...'abcde'], 2, call, splits);

  expect(results).toEqual([...'ABCDE']);
  expect(refused).toEqual([]);
  expect(calls.map((ids) => ids.length)).toEqual([2, 2, 1]);
});

it('B1.47 one unknown id costs only itself', async () => {
  const { calls, call } = service('f');

  const { results, refused } = await batched([...'abcdefgh'], 8, call, splits);

  expect(results).toEqual([...'ABCDEGH']);
  expect(refused.map(({ input }) => input)).toEqual(['f']);
  expect(calls.length).toBe(7);
});

it('does not ask input by input when the whole call was denied', async () => {
  const { calls, call } = service('a');

  const { refused } = await batched([...'abcd'], 4, call, () => false);

  expect(refused).toHaveLength(4);
  expect(calls).toHaveLength(1);
});

it('hands every input back exactly once, in order, whatever is bad', async () => {
  const inputs = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }).map((text) => text.toLowerCase()));
  const run = fc.asyncProperty(inputs, fc.integer({ min: 1, max: 9 }), async (ids, size) => {
    const bad = ids.filter((_, index) => index % 3 === 0);
    const { results, refused } = await batched(ids, size, service(...bad).call, splits);
    expect(refused.map(({ input }) => input)).toEqual(bad);
    expect(results).toEqual(ids.filter((id) => !bad.includes(id)).map((id) => id.toUpperCase()));
  });
  await fc.assert(run);
});

it.each([0, -1, 1.5])('refuses chunks of %d', (size) => {
  expect(() => chunks(['a'], size)).toThrow(RangeError);
});
