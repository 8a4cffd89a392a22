import type { Instance } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import type { Aws } from '../../../shared/aws/access.ts';
import type { EmbeddedSettings } from '../../../shared/config/embedded.ts';
import type { Ports } from '../../../shared/engine/ports.ts';
import { officeHours } from '../scenarios/hours.ts';
import type { Sabotage } from '../stage/functions.ts';
import { rehearse } from './matrix.ts';

const setting = (hours: object): Sabotage => ({
  settings: (settings: EmbeddedSettings): EmbeddedSettings => {
    const own = Object(settings.settings);
    return { ...settings, settings: { ...own, hours: { ...own.hours, ...hours } } };
  },
});

/** Every start of a machine looks like the first one that was seen of it, whichever invocation saw it. */
const forgettingStarts =
  (first: Map<string, Date>) =>
  (ports: Ports<Aws>): Ports<Aws> => {
    const enter: Ports<Aws>['enter'] = async (place) => {
      const aws = await ports.enter(place);
      return {
        place,
        send: async (client, command) => {
          const answer = await aws.send(client, command);
          // The typed boundary to DescribeInstances' answer; of all others nothing is touched.
          const { Reservations = [] } = answer as { Reservations?: { Instances?: Instance[] }[] };
          for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
            const { InstanceId: id = '', LaunchTime: launched = new Date(0) } = instance;
            first.set(id, first.get(id) ?? launched);
            instance.LaunchTime = first.get(id);
          }
          return answer;
        },
      };
    };
    return { ...ports, enter };
  };

it.each([
  {
    defect: 'keeps summer time',
    sabotage: setting({ schedule: 'daily 08:00-19:00 Etc/GMT-2' }),
    found: 'wrong',
  },
  { defect: 'stops nothing, and says nothing', sabotage: setting({ only: ['none'] }), found: 'lost' },
  { defect: 'starts nothing again', sabotage: setting({ start: false }), found: 'lost' },
  {
    defect: "takes a person's start for none",
    sabotage: { ports: forgettingStarts(new Map()) },
    found: 'wrong',
  },
])('B1.57 B1.59 the matrix sees office hours whose function $defect', async ({ sabotage, found }) => {
  const spoilt = await rehearse(officeHours, 1, undefined, sabotage);

  expect(spoilt.violations.map(({ invariant }) => invariant)).toContain(found);
});

it.each([
  ['stop', 2],
  ['start', 9],
])('B1.59 a %s that was done and cannot be read again is no lost one', async (_what, occurrence) => {
  const call = { service: 'ec2', operation: 'DescribeInstances', occurrence };
  const { violations, struck } = await rehearse(officeHours, 1, { call, fault: 'access denied' });

  expect(violations).toEqual([]);
  expect(struck).toBeGreaterThan(0);
});

it('B1.57 B1.59 office hours over a change of clocks, with nothing going wrong', async () => {
  expect((await rehearse(officeHours, 1)).violations).toEqual([]);
});
