import { afterEach, expect, it } from 'vitest';
import { invokeFunction } from '../../../sandbox/lambda/invoke.ts';
import { type Workshop, workshop } from './fixture.ts';

let shop: Workshop;
afterEach(() => shop.sandbox.close());

it('a function answers who has it run, with its times and its log', async () => {
  shop = workshop();
  await shop.make(
    'echo',
    'export const handler = async (event) => { console.log("hello"); return { event }; };',
  );

  const cold = await invokeFunction(shop.sandbox.world, shop.where, 'echo', { a: 1 });
  const warm = await invokeFunction(shop.sandbox.world, shop.where, 'echo', { a: 2 });

  expect(cold).toMatchObject({ answer: { event: { a: 1 } }, logTail: expect.stringContaining('hello') });
  expect(cold.initMs).toBeGreaterThan(0);
  expect(warm).toMatchObject({ answer: { event: { a: 2 } } });
  expect(warm).not.toHaveProperty('initMs');
  expect(cold).not.toHaveProperty('functionError');
});
