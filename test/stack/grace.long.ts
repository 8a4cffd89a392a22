import { DescribeInstancesCommand, EC2Client, type Instance as Told } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QUIET, seedMeasures } from '../../sandbox/services/ec2/instances/measures.ts';
import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { PACKAGING_MS } from './company.ts';
import { Workplace } from './workplace.ts';

const TAG = 'reeve:stop-idle-instances-after';

let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open('stop-idle-instances', 'test/stack/grace.yml', '2026-11-20T09:15:00Z');
}, PACKAGING_MS);
afterAll(() => here.sandbox.close());

async function described(id: string): Promise<Told | undefined> {
  const command = new DescribeInstancesCommand({ InstanceIds: [id] });
  return (await here.client(EC2Client).send(command)).Reservations?.[0]?.Instances?.[0];
}

it('B2.13 B6.7 B6.11 as deployed: shown and told, stopped when its hour is over, and no right missing or to spare', async () => {
  const [id = ''] = seedInstances(here.place, 1, { instanceType: 'm5.large' });
  const from = new Date(here.world.clock.now() - 20 * 86_400_000);
  seedMeasures(here.place, id, QUIET, { from });

  const seen: string[] = [];
  for (let sweeps = 0; sweeps < 5; sweeps++) {
    await here.advance(60);
    const told = await described(id);
    const isShown = told?.Tags?.some(({ Key }) => Key === TAG);
    seen.push(`${told?.State?.Name}${isShown ? ', shown' : ''}`);
  }

  expect(seen.slice(0, 2)).toEqual(['running, shown', 'running, shown']);
  expect(seen.at(-1)).toBe('stopped');
  const mail = here.mails().find((message) => message.includes(id));
  expect(mail).toMatch(/not before 2026-11-20T11:\d\d:00\.000Z, and not at all if it is in order/);
  expect(await here.journal()).toEqual([{ action: 'stop-instances', resource: id, result: 'done' }]);
  expect(here.denied()).toEqual([]);
  expect(here.grants().used).toEqual(expect.arrayContaining(['ec2:CreateTags', 'ec2:DeleteTags']));
}, 60_000);
