import { expect, it } from 'vitest';
import { filtered } from '../../../../shared/aws/ec2/filtered.ts';

async function asked(ids: readonly string[]): Promise<readonly (readonly string[])[]> {
  const calls: (readonly string[])[] = [];
  const read = await filtered('group-id', ids, async ({ Name, Values = [] }) => {
    expect(Name).toBe('group-id');
    calls.push(Values);
    return Values;
  });
  expect(read).toEqual(calls.flat());
  return calls;
}

it('asks for 200 values at a time, each once', async () => {
  const ids = Array.from({ length: 401 }, (_, index) => `sg-${index}`);

  expect((await asked([...ids, ...ids])).map((values) => values.length)).toEqual([200, 200, 1]);
});

it('asks nothing for nothing, and never with a wildcard', async () => {
  expect(await asked([])).toEqual([]);
  expect(await asked(['', '*', 'sg-?', 'sg-1\n'])).toEqual([]);
  expect(await asked(['sg-*', 'sg-1'])).toEqual([['sg-1']]);
});
