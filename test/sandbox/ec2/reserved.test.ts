import { DescribeReservedInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { createSandbox } from '../../../sandbox/sandbox.ts';
import { seedReservedInstances } from '../../../sandbox/services/ec2/instances/reserved.ts';

const DAY = 86_400_000;

it('B1.38 Reserved Instances are listed by filter, and retire after their year', async () => {
  const sandbox = createSandbox();
  const { world, account, region } = sandbox;
  const place = { partition: 'aws', account, region, world };
  const ec2 = new EC2Client({ ...sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
  const family = seedReservedInstances(place, { instanceType: 'm5.large', count: 3 });
  const single = seedReservedInstances(place, { instanceType: 'c5.large', zone: 'eu-west-1a' });
  const listed = async (Name: string, value: string) => {
    const command = new DescribeReservedInstancesCommand({ Filters: [{ Name, Values: [value] }] });
    return (await ec2.send(command)).ReservedInstances ?? [];
  };

  expect(await listed('scope', 'Region')).toMatchObject([
    { ReservedInstancesId: family, InstanceCount: 3, State: 'active', ProductDescription: 'Linux/UNIX' },
  ]);
  expect(await listed('availability-zone', 'eu-west-1a')).toMatchObject([
    { ReservedInstancesId: single, Scope: 'Availability Zone' },
  ]);
  await world.clock.advance(364 * DAY);
  expect(await listed('state', 'active')).toHaveLength(2);
  await world.clock.advance(DAY);
  expect(await listed('state', 'active')).toEqual([]);
  expect(await listed('state', 'retired')).toHaveLength(2);
  await expect(listed('marketplace', 'true')).rejects.toThrow('marketplace');
});
