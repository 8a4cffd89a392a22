import type { Instance } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import type { Aws } from '../../../shared/aws/access.ts';
import type { EmbeddedSettings } from '../../../shared/config/embedded.ts';
import type { Ports } from '../../../shared/engine/ports.ts';
import type { Sabotage } from '../stage/functions.ts';
import { liveBusily, lookFor } from './busy.ts';

/** From Monday noon to midnight: some hours close, others open. */
const anEvening = { graces: [0] };

const setting = (hours: object): Sabotage => ({
  settings: (settings: EmbeddedSettings): EmbeddedSettings => {
    const own = Object(settings.settings);
    return { ...settings, settings: { ...own, hours: { ...own.hours, ...hours } } };
  },
});

/** Every machine is seen differently. */
const seeing = (change: (instance: Instance) => void): Sabotage => ({
  ports: (ports: Ports<Aws>) => ({
    ...ports,
    async enter(place) {
      const aws = await ports.enter(place);
      return {
        place,
        async send(client, command) {
          const answer = await aws.send(client, command);
          // The typed boundary to DescribeInstances' answer; of all others nothing is touched.
          const { Reservations = [] } = answer as { Reservations?: { Instances?: Instance[] }[] };
          for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) change(instance);
          return answer;
        },
      };
    },
  }),
});

/** Every start of a machine looks like the first one that was seen of it. */
const forgettingStarts = (first = new Map<string, Date>()) =>
  seeing((instance) => {
    const { InstanceId: id = '', LaunchTime: launched = new Date(0) } = instance;
    first.set(id, first.get(id) ?? launched);
    instance.LaunchTime = first.get(id);
  });

const inTokyo = seeing((instance) => {
  for (const tag of instance.Tags ?? []) tag.Value = tag.Value?.replace(' Europe/Berlin', ' Asia/Tokyo');
});

it.each<{ defect: string; deeds?: number; sabotage: Sabotage; found: RegExp }>([
  {
    defect: 'takes one zone for another',
    sabotage: inTokyo,
    found: /^wrong StopInstances .*: the hours of \S+ are open/m,
  },
  {
    defect: "knows no machine's hours",
    sabotage: setting({ tag: 'none' }),
    found: /^lost stop-idle-instances: /m,
  },
  {
    defect: 'starts nothing again',
    deeds: 1,
    sabotage: setting({ start: false }),
    found: /^lost stop-idle-instances: /m,
  },
  {
    defect: "takes a person's start for none",
    sabotage: forgettingStarts(),
    found: /^wrong .*(: somebody started \S+ outside its hours| was not stopped for its hours)/m,
  },
])(
  'B1.57 B1.59 an account whose hours Reeve $defect does not pass',
  async ({ deeds = 12, sabotage, found }) => {
    expect(await lookFor(found, { ...anEvening, deeds }, sabotage)).toMatch(found);
  },
);

it('B1.57 B1.59 an account in which people and hours start and stop machines passes', async () => {
  expect(await liveBusily(2, { ...anEvening, onReeve: 20 })).toBe('');
});
