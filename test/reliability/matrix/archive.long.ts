import { expect, it } from 'vitest';
import type { Aws } from '../../../shared/aws/access.ts';
import type { Ports } from '../../../shared/engine/ports.ts';
import { bucketsArchive, bucketsContinued, bucketsUndo } from '../scenarios/archive.ts';
import type { Sabotage } from '../stage/functions.ts';
import type { Scenario } from '../stage/scenario.ts';
import { rehearse } from './matrix.ts';

/** This call is believed to have been answered, and was never sent. */
function swallowing(command: string): Sabotage {
  const ports = (sound: Ports<Aws>): Ports<Aws> => ({
    ...sound,
    enter: async (place) => {
      const aws = await sound.enter(place);
      return {
        place,
        send: async (client, one) =>
          one.constructor.name.startsWith(command)
            ? // What answers with nothing but its metadata.
              ({ $metadata: {} } as Awaited<ReturnType<typeof aws.send<never>>>)
            : aws.send(client, one),
      };
    },
  });
  return { ports };
}

it.each<{ defect: string; scenario: Scenario; sabotage: Sabotage; found: RegExp }>([
  {
    defect: 'that deletes before anything is copied',
    scenario: bucketsArchive,
    sabotage: {
      settings: ({ settings, ...rest }) => ({
        ...rest,
        settings: { ...Object(settings), archiveBucket: undefined },
      }),
    },
    found: /^wrong: DeleteObjects on old-logs: the archive is not whole: there is no manifest/,
  },
  {
    defect: 'that writes no manifest',
    scenario: bucketsArchive,
    sabotage: swallowing('PutObject'),
    found: /^wrong: DeleteObjects on old-logs: the archive is not whole: there is no manifest/,
  },
  {
    defect: 'that does not queue what is left of an emptying',
    scenario: bucketsContinued,
    sabotage: { ports: (ports) => ({ ...ports, postpone: async () => {} }) },
    found: /^lost: old-logs is not as it should be/,
  },
  {
    defect: 'whose undo leaves a setting out',
    scenario: bucketsUndo,
    sabotage: swallowing('PutBucketVersioning'),
    found: /^untrue: undone was answered, and old-logs is not as it was/,
  },
])('B4.48 B4.49 the matrix sees a deletion $defect', async ({ scenario, sabotage, found }) => {
  const spoilt = await rehearse(scenario, 1, undefined, sabotage);
  const sound = await rehearse(scenario, 1);

  const told = spoilt.violations.map(({ invariant, detail }) => `${invariant}: ${detail}`);
  expect(told).toContainEqual(expect.stringMatching(found));
  expect(sound.violations).toEqual([]);
});
