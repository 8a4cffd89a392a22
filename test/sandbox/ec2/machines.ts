import {
  DescribeInstancesCommand,
  type EC2Client,
  type Instance,
  RunInstancesCommand,
  type RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { Place } from '../../../sandbox/services/ec2/state.ts';
import { openEc2 } from './client.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** An account with a client, its clock at hand, and what happened to instances since. */
export interface Machines {
  readonly sandbox: Sandbox;
  readonly ec2: EC2Client;
  readonly place: Place;
  readonly events: BusEvent[];
  readonly pass: (ms: number) => Promise<void>;
  /** Launches, and waits until they run. */
  readonly running: (more?: Partial<RunInstancesRequest>, count?: number) => Promise<string[]>;
  readonly only: (id: string) => Promise<Instance>;
  readonly states: (ids: readonly string[]) => Promise<(string | undefined)[]>;
}

export function openMachines(options: Parameters<typeof openEc2>[0] = {}): Machines {
  const { sandbox, ec2 } = openEc2(options);
  const { world, account, region } = sandbox;
  const events: BusEvent[] = [];
  world.onEvent((event) => {
    if (event['detail-type'] === 'EC2 Instance State-change Notification') events.push(event);
  });
  const only = async (id: string) => {
    const shown = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const found = shown.Reservations?.[0]?.Instances?.[0];
    if (!found) throw new Error(`no instance ${id}`);
    return found;
  };
  return {
    sandbox,
    ec2,
    events,
    only,
    place: { world, account, region, partition: 'aws' },
    pass: (ms) => world.clock.advance(ms),
    states: async (ids) => Promise.all(ids.map(async (id) => (await only(id)).State?.Name)),
    async running(more = {}, count = 1) {
      const input = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', ...more } as const;
      const made = await ec2.send(new RunInstancesCommand({ ...input, MinCount: count, MaxCount: count }));
      await world.clock.advance(MINUTE);
      return made.Instances?.map((one) => one.InstanceId ?? '') ?? [];
    },
  };
}
