import { expect, it } from 'vitest';
import { fuzzEveryDoor, SEED } from './doors.ts';

it(`B5.14 B6.30 thousands of bad inputs, seed ${SEED + 1}: none crashes, none acts, each is answered in a line`, async () => {
  const counts = await fuzzEveryDoor(120, SEED + 1);

  console.table(counts.map(({ failure: _, ...count }) => count));
  expect(counts.map(({ failure }) => failure).filter((failure) => failure !== '')).toEqual([]);
});
