import { expect, it } from 'vitest';
import { laggedMap } from '../../../sandbox/core/lagged-map.ts';
import { createSandbox } from '../../../sandbox/sandbox.ts';

function collection(consistencyMs: number) {
  const { world } = createSandbox({ behaviour: { consistencyMs } });
  return { world, map: laggedMap<number>(world), advance: (ms: number) => world.clock.advance(ms) };
}

it('shows every write at once when there is no lag', () => {
  const { map } = collection(0);
  map.set('a', 1);
  expect([...map.seen()]).toEqual([['a', 1]]);
  map.delete('a');
  expect([...map.seen()]).toEqual([]);
});

it('shows the state of a lag ago to readers, the newest to writers', async () => {
  const { map, advance } = collection(1000);
  map.set('a', 1);
  expect([map.newest.get('a'), map.seen().get('a')]).toEqual([1, undefined]);
  await advance(999);
  map.set('a', 2);
  expect(map.seen().get('a')).toBeUndefined();
  await advance(1);
  expect(map.seen().get('a')).toBe(1);
  await advance(999);
  expect(map.seen().get('a')).toBe(2);
});

it('shows a deleted value until the lag is over', async () => {
  const { map, advance } = collection(1000);
  map.set('a', 1);
  map.set('b', 2);
  await advance(1000);
  map.delete('a');
  expect([...map.seen().keys()].sort()).toEqual(['a', 'b']);
  await advance(1000);
  expect([...map.seen().keys()]).toEqual(['b']);
});

it('follows a lag that is switched off', async () => {
  const { world, map } = collection(1000);
  map.set('a', 1);
  world.behaviour.consistencyMs = 0;
  expect(map.seen().get('a')).toBe(1);
});
