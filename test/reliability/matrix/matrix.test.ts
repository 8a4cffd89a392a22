import { expect, it } from 'vitest';
import { sshEvent } from '../scenarios/ssh.ts';
import { tagsEvent } from '../scenarios/tags.ts';
import { pointsOf, rehearse } from './matrix.ts';

// All points of all scenarios: `npm run reliability`.
it.each([sshEvent, tagsEvent])('B5.17 B5.28 B6.16 $name survives whatever goes wrong', async (scenario) => {
  const { points, violations } = await pointsOf(scenario, 1);
  expect(violations).toEqual([]);

  for (const point of points.filter((_, index) => index % 29 === 7)) {
    const { struck, violations: found } = await rehearse(scenario, 1, point);
    expect({ point, found, struck: struck > 0 }).toEqual({ point, found: [], struck: true });
  }
});
