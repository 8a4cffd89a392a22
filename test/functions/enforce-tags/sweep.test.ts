import { CreateVolumeCommand } from '@aws-sdk/client-ec2';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { TYPE_NAMES, type TypeName } from '../../../functions/enforce-tags/type-names.ts';
import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { MAKERS } from './makers.ts';
import { Office } from './office.ts';

const owner = { key: 'Owner', from: ['parent', 'creator'] };

function seeded(office: Office, count: number, tags: Readonly<Record<string, string>>): readonly string[] {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return seedInstances({ ...office.place, world: office.sandbox.world }, count, { tags: Tags });
}

it('sweeps thousands of instances in a call per thousand', async () => {
  const office = new Office({ tags: [{ key: 'Owner' }], types: ['AWS::EC2::Instance'] });
  seeded(office, 1_951, { Owner: 'ana' });
  seeded(office, 50, {});
  office.sandbox.world.forgetCalls();

  const report = await office.sweep();

  expect(report.counts).toMatchObject({ scanned: 2_001, compliant: 1_951, violations: 50 });
  expect(office.calls()).toEqual(Array(3).fill('DescribeInstances'));
});

it('asks once for what many lack and may take from the same parent', async () => {
  const office = new Office({ tags: [owner], types: ['AWS::EC2::Instance', 'AWS::EC2::Volume'] });
  await office.launch({ Owner: 'ana' }, 3);
  await office.pass(60);
  office.sandbox.world.forgetCalls();

  const report = await office.sweep();

  expect(report.counts).toMatchObject({ done: 3 });
  expect(office.calls()).toEqual([
    'DescribeInstances',
    'DescribeVolumes',
    'DescribeInstances',
    'DescribeVolumes',
    'CreateTags',
    'DescribeVolumes',
  ]);
});

it('B2.30 types whose tags are told one by one cost a call per page, not per resource', async () => {
  const office = new Office({ tags: [{ key: 'Owner' }], types: ['AWS::SQS::Queue'] });
  const sqs = office.client(SQSClient);
  for (let index = 0; index < 120; index++) {
    const tags = index < 100 ? { Owner: 'ana' } : {};
    await sqs.send(new CreateQueueCommand({ QueueName: `queue-${index}`, tags }));
  }
  office.sandbox.world.forgetCalls();

  const report = await office.sweep();

  expect(report.counts).toMatchObject({ scanned: 120, violations: 20 });
  expect(office.calls()).toEqual(['GetResources', 'ListQueues']);
});

describe('the Tagging API in a sweep of several types', () => {
  const types = ['AWS::S3::Bucket', 'AWS::SNS::Topic', 'AWS::SQS::Queue'] as const;
  const tags = [{ key: 'Owner' }];

  async function withQueues(count: number): Promise<Office> {
    const office = new Office({ tags, types });
    const sqs = office.client(SQSClient);
    for (let index = 0; index < count; index++) {
      await sqs.send(new CreateQueueCommand({ QueueName: `queue-${index}`, tags: { Owner: 'ana' } }));
    }
    for (const type of types) await MAKERS[type](office);
    office.sandbox.world.forgetCalls();
    return office;
  }

  /** What the API is asked from now on. */
  function askedOf(office: Office): readonly unknown[] {
    const asked: unknown[] = [];
    const when = (input: unknown) => {
      asked.push(input);
      return false;
    };
    office.sandbox.world.faults.add({ operation: 'GetResources', kind: 'denied', when });
    return asked;
  }

  it('is asked once for all, by the types that are switched on and no others', async () => {
    const office = await withQueues(1);
    const asked = askedOf(office);

    const report = await office.sweep();

    expect(report.counts).toMatchObject({ scanned: 4, compliant: 1, violations: 3 });
    expect(office.calls()).toEqual(['GetResources', 'ListBuckets', 'ListTopics', 'ListQueues']);
    expect(asked).toMatchObject([{ ResourceTypeFilters: ['s3', 'sns', 'sqs'] }]);
  });

  it('is asked page after page where a hundred are not all', async () => {
    const office = await withQueues(101);
    const asked = askedOf(office);

    expect((await office.sweep()).counts).toMatchObject({ scanned: 104, compliant: 101, violations: 3 });
    expect(asked).toHaveLength(2);
  });

  it('is not asked for types that tell their tags themselves', async () => {
    const office = new Office({ tags, types: ['AWS::EC2::Volume', 'AWS::RDS::DBInstance'] });

    await office.sweep();

    expect(office.calls()).not.toContain('GetResources');
  });

  it('is asked again by the next type after it failed, which costs the others nothing', async () => {
    const office = await withQueues(1);
    office.sandbox.world.faults.add({ operation: 'GetResources', kind: 'denied', times: 1 });

    const report = await office.sweep();

    expect(report.missing).toMatchObject([{ why: 'unreadable', ref: { type: 'AWS::S3::Bucket' } }]);
    expect(report).toMatchObject({ state: 'partial', counts: { scanned: 3, compliant: 1, violations: 2 } });
  });

  it('tells each type once that cannot be read while it is denied, and finds none of them untagged', async () => {
    const office = await withQueues(1);
    office.sandbox.world.faults.add({ operation: 'GetResources', kind: 'denied' });

    const report = await office.sweep();

    expect(report.missing.map(({ ref }) => ref.type)).toEqual(types);
    expect(report.counts).toMatchObject({ scanned: 0, violations: 0 });
  });
});

it('a type that cannot be listed is told, and the others are swept all the same', async () => {
  const office = new Office({
    tags: [{ key: 'Owner', default: 'ops' }],
    types: ['AWS::EC2::Volume', 'AWS::SQS::Queue'],
  });
  await office.ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${office.place.region}a`, Size: 1 }));
  await office.pass(60);
  office.sandbox.world.faults.add({ operation: 'ListQueues', kind: 'denied' });

  const report = await office.sweep();

  expect(report).toMatchObject({ state: 'partial', counts: { done: 1 } });
  expect(report.missing).toMatchObject([{ why: 'unreadable', ref: { type: 'AWS::SQS::Queue' } }]);
});

it('B6.3 a plan above the cap does nothing at all', async () => {
  const office = new Office({ tags: [{ key: 'Owner', default: 'ops' }], types: ['AWS::EC2::Instance'] });
  office.guard = { caps: { count: 10, percent: 20 } };
  seeded(office, 30, {});
  await office.pass(60);

  const report = await office.sweep();

  expect(report.counts).toMatchObject({ done: 0, violations: 30 });
  expect(office.calls()).not.toContain('CreateTags');
});

describe('B2.12 a sweep within the grace', () => {
  const settings = { tags: [{ key: 'Owner', from: ['creator'], default: 'nobody' }] };
  const ownerOf = async (office: Office, type: TypeName, id: string) =>
    (await office.found({ type, id })).find((one) => one.id === id)?.tags.get('Owner');

  it.each(TYPE_NAMES)('leaves a new %s to the event that knows its creator', async (type) => {
    const office = new Office({ ...settings, types: [type] });
    const id = await MAKERS[type](office);
    await office.react();
    await office.pass(5);

    await office.sweep();
    await office.drain();

    expect(await ownerOf(office, type, id)).toBe('ana');
  });

  const type = 'AWS::SQS::Queue';

  it('knows a queue from the one that was called the same before', async () => {
    const office = new Office({ ...settings, types: [type] });
    const arn = await MAKERS[type](office);
    await office.sweep();
    await office.pass(60);
    const sqs = office.client(SQSClient);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await office.pass(2);
    office.events.splice(0);
    await MAKERS[type](office);
    await office.react();
    await office.pass(1);

    await office.sweep();
    await office.drain();

    expect(await ownerOf(office, type, arn)).toBe('ana');
  });

  it('and after it gives what nobody told of its default', async () => {
    const office = new Office({ ...settings, types: [type] });
    const arn = await MAKERS[type](office);
    for (const minutes of [14, 2]) {
      await office.sweep();
      expect(await ownerOf(office, type, arn)).toBeUndefined();
      await office.pass(minutes);
    }

    await office.sweep();

    expect(await ownerOf(office, type, arn)).toBe('nobody');
  });
});
