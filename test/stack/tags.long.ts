import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteTagsCommand,
  DescribeTagsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TYPE_NAMES, type TypeName } from '../../functions/enforce-tags/type-names.ts';
import { TYPES } from '../../functions/enforce-tags/types/table.ts';
import type { BusEvent } from '../../sandbox/core/world.ts';
import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { createAws } from '../../shared/aws/factory.ts';
import { PatientRetry } from '../../shared/aws/retry.ts';
import { MAKERS, type Workshop } from '../functions/enforce-tags/makers.ts';
import { PACKAGING_MS } from './company.ts';
import { Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Ten minutes of grace, and some for the queue. */
const GRACE = 16;

let here: Workplace;
let ec2: EC2Client;
beforeAll(async () => {
  here = await Workplace.open('enforce-tags', 'test/stack/tags.yml', '2026-11-20T09:15:00Z');
  ec2 = here.client(EC2Client);
  // What the stack itself made is looked at once.
  await here.advance(GRACE);
}, PACKAGING_MS);
afterAll(async () => {
  const denied = here.denied();
  await here.sandbox.close();
  expect(denied).toEqual([]);
});

async function volume(): Promise<string> {
  const AvailabilityZone = `${here.sandbox.region}a`;
  const { VolumeId = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone, Size: 1 }));
  return VolumeId;
}

async function ownerOf(id: string): Promise<string | undefined> {
  const Filters = [{ Name: 'resource-id', Values: [id] }];
  const { Tags = [] } = await ec2.send(new DescribeTagsCommand({ Filters }));
  return Tags.find(({ Key }) => Key === 'Owner')?.Value;
}

async function ownerByArn(arn: string): Promise<string | undefined> {
  const tagging = here.client(ResourceGroupsTaggingAPIClient);
  const told = await tagging.send(new GetResourcesCommand({ ResourceARNList: [arn] }));
  return told.ResourceTagMappingList?.[0]?.Tags?.find(({ Key }) => Key === 'Owner')?.Value;
}

function sample(name: string): BusEvent {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../events', `${name}.json`), 'utf8'));
}

const queueArn = (name: string) => `arn:aws:sqs:${here.sandbox.region}:${here.sandbox.account}:${name}`;

it('B2.12 B2.21 what is made in EC2 gets the name of whoever made it, when the grace is over', async () => {
  const id = await volume();
  await here.advance(5);
  expect(await ownerOf(id)).toBeUndefined();
  await here.advance(GRACE);
  expect(await ownerOf(id)).toBe('ana');
});

it('B2.12 tags that people set within the grace stay as they are', async () => {
  const id = await volume();
  await here.advance(5);
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Owner', Value: 'carla' }] }));
  await here.advance(GRACE);
  expect(await ownerOf(id)).toBe('carla');
});

it('B2.21 what is made in another service gets its tag through the Tagging API', async () => {
  // Queues do not tell when they were made, and a sweep comes by in the middle of the grace.
  const toNextSweep = 60 - ((here.world.clock.now() / 60_000 - 15) % 60);
  await here.advance(toNextSweep + 55);
  await here.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'orders' }));
  await here.advance(GRACE);
  expect(await ownerByArn(queueArn('orders'))).toBe('ana');
});

it('B2.18 a tag that is taken off comes back', async () => {
  const id = await volume();
  await here.advance(GRACE);
  await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'Owner' }] }));
  await here.advance(GRACE);
  expect(await ownerOf(id)).toBe('nobody');
});

it('B2.18 a change of tags that another service tells of is looked at', async () => {
  const name = 'returns';
  await here.client(SQSClient).send(new CreateQueueCommand({ QueueName: name }));
  await here.advance(GRACE);
  await here
    .client(ResourceGroupsTaggingAPIClient)
    .send(new UntagResourcesCommand({ ResourceARNList: [queueArn(name)], TagKeys: ['Owner'] }));
  here.world.emit({
    ...sample('enforce-tags.tag-change'),
    time: new Date(here.world.clock.now()).toISOString(),
    resources: [queueArn(name)],
  });
  await here.advance(GRACE);
  expect(await ownerByArn(queueArn(name))).toBe('nobody');
  const mail = here.mails().findLast((message) => message.includes(name));
  expect(mail).not.toContain('Set off by sweep');
});

it('B2.30 the hourly sweep tags what no event told of', async () => {
  const [id = ''] = seedInstances(here.place, 1);
  await here.advance(75);
  expect(await ownerOf(id)).toBe('nobody');
  const mail = here.mails().find((message) => message.includes(id));
  expect(mail).toContain('Set off by sweep');
});

describe('the role', () => {
  /** As whoever works here makes things, and tags them. */
  function workshop(): Workshop {
    return {
      client: (Client) => here.client(Client as never),
      ec2,
      place: here.place,
      sandbox: here.sandbox,
      pass: (minutes) => here.advance(minutes),
      launch: async () => {
        const asked = {
          ImageId: 'ami-0abcdef1234567890',
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
        } as const;
        const { Instances = [] } = await ec2.send(new RunInstancesCommand(asked));
        return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
      },
    };
  }

  it('B6.11 grants what tagging and untagging every type took, and nothing that it did not take', async () => {
    const aws = createAws(here.place, {
      credentials: async () => here.sandbox.credentials({ user: 'ana' }),
      requestHandler: here.sandbox.requestHandler,
      endpoint: 'http://127.0.0.1:1',
      retryStrategy: new PatientRetry({
        attempts: 1,
        now: () => new Date(0),
        sleep: async () => {},
        random: () => 0,
      }),
    });
    // Who exempted a resource is looked up, too.
    const Tags = [{ Key: 'reeve:exempt', Value: 'OPS-1 until 2026-12-31' }];
    await ec2.send(new CreateTagsCommand({ Resources: [await volume()], Tags }));
    const made: [TypeName, string][] = [];
    for (const type of TYPE_NAMES) made.push([type, await MAKERS[type](workshop())]);
    await here.advance(2 * GRACE);
    for (const [type, id] of made) {
      const row = TYPES.get(type);
      const [told] = (await row?.read(aws, [id])) ?? [];
      const owner = told?.tags.get('Owner');
      expect(owner, type).toBeDefined();
      // The same value, or it were a conflict: what is in a VPC that a sweep tagged has the VPC's.
      await row?.write.set(aws, [{ id, arn: told?.arn ?? '' }], new Map([['owner', owner ?? '']]));
    }
    await here.advance(150);
    for (const [type, id] of made) {
      const [told] = (await TYPES.get(type)?.read(aws, [id])) ?? [];
      expect(told?.tags.has('owner'), type).toBe(false);
    }

    const { given, used } = here.grants();
    expect(used).toEqual(given);
  });
});
