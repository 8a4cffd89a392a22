import { expect, it } from 'vitest';
import { tagsInPart } from '../scenarios/tags.ts';
import type { Sabotage } from '../stage/functions.ts';
import { type Point, rehearse } from './matrix.ts';

const point: Point = {
  call: { service: 'resource-groups-tagging-api', operation: 'TagResources', occurrence: 0 },
  fault: 'in part for ever',
};

/** A success is taken for one about everything. */
const credulous: Sabotage = {
  ports: (ports) => ({
    ...ports,
    journal: {
      ...ports.journal,
      finish: (intent, outcome) => ports.journal.finish(intent, { ...outcome, result: 'done' }),
    },
  }),
};

it('B2.31 the matrix sees a function that believes an answer of 200 about what was not done', async () => {
  const spoilt = await rehearse(tagsInPart, 1, point, credulous);
  const sound = await rehearse(tagsInPart, 1, point);

  expect(spoilt.violations.map(({ invariant }) => invariant)).toContain('untrue');
  expect(sound).toMatchObject({ violations: [], done: 4 });
  expect(sound.struck).toBeGreaterThan(0);
});
