import {
  GetBucketTaggingCommand,
  PutBucketAbacCommand,
  PutBucketTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { bucketWriter } from '../../../functions/enforce-tags/types/bucket-writer.ts';
import { seedBucket } from '../../../sandbox/services/s3/seed.ts';
import { Office } from './office.ts';

const NAME = 'orders-2026';
const target = { id: `arn:aws:s3:::${NAME}`, arn: `arn:aws:s3:::${NAME}` };
const owner = new Map([['Owner', 'ops']]);

function officeWith(tags: Readonly<Record<string, string>>): Office {
  const office = new Office({
    tags: [{ key: 'Owner', default: 'ops' }],
    types: ['AWS::S3::Bucket'],
    graceMinutes: 0,
  });
  const { account, region } = office.place;
  seedBucket(office.sandbox.world, { name: NAME, account, region, tags });
  office.sandbox.world.forgetCalls();
  return office;
}

async function tagsOf(office: Office): Promise<Readonly<Record<string, string>>> {
  const { TagSet = [] } = await office.client(S3Client).send(new GetBucketTaggingCommand({ Bucket: NAME }));
  return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
}

it('B2.33 a tag is written beside all that were there, and read again', async () => {
  const office = officeWith({ Name: 'orders', Team: 'shop' });

  expect(await bucketWriter.set(office.aws, [target], owner)).toMatchObject([{ failure: undefined }]);

  expect(await tagsOf(office)).toEqual({ Name: 'orders', Team: 'shop', Owner: 'ops' });
  expect(office.calls()).toEqual(['GetBucketTagging', 'TagResource', 'GetBucketTagging']);
});

it('B2.33 a bucket that has no set of tags has none', async () => {
  const office = officeWith({});

  await bucketWriter.set(office.aws, [target], owner);

  expect(await tagsOf(office)).toEqual({ Owner: 'ops' });
});

it('twice is once, without a write', async () => {
  const office = officeWith({ Owner: 'ops' });

  await bucketWriter.set(office.aws, [target], owner);

  expect(office.calls()).toEqual(['GetBucketTagging']);
});

it('B2.34 a bucket of a stack keeps AWS’s own tags', async () => {
  const office = officeWith({ 'aws:cloudformation:stack-name': 'shop', Name: 'orders' });

  expect(await bucketWriter.set(office.aws, [target], owner)).toMatchObject([{ failure: undefined }]);

  expect(await tagsOf(office)).toEqual({
    'aws:cloudformation:stack-name': 'shop',
    Name: 'orders',
    Owner: 'ops',
  });
  expect(office.calls()).toEqual(['GetBucketTagging', 'TagResource', 'GetBucketTagging']);
});

it('B2.35 a bucket whose tags decide about access is tagged one by one', async () => {
  const office = officeWith({ Name: 'orders' });
  const AbacStatus = { Status: 'Enabled' } as const;
  await office.client(S3Client).send(new PutBucketAbacCommand({ Bucket: NAME, AbacStatus }));

  expect(await bucketWriter.set(office.aws, [target], owner)).toMatchObject([{ failure: undefined }]);
  expect(await tagsOf(office)).toEqual({ Name: 'orders', Owner: 'ops' });

  expect(await bucketWriter.remove(office.aws, [target], owner)).toMatchObject([{ failure: undefined }]);
  expect(await tagsOf(office)).toEqual({ Name: 'orders' });
});

it('B2.36 what somebody else writes between our look and our write is not lost', async () => {
  const office = officeWith({ Name: 'orders' });
  const TagSet = [{ Key: 'Team', Value: 'shop' }];
  office.sandbox.world.faults.add({
    operation: 'TagResource',
    kind: 'run',
    times: 1,
    effect: async () => {
      await office.client(S3Client).send(new PutBucketTaggingCommand({ Bucket: NAME, Tagging: { TagSet } }));
    },
  });

  expect(await bucketWriter.set(office.aws, [target], owner)).toMatchObject([{ failure: undefined }]);
  expect(await tagsOf(office)).toEqual({ Team: 'shop', Owner: 'ops' });
});

it('B2.36 a write that S3 refuses for another one is tried again', async () => {
  const office = officeWith({ Name: 'orders' });
  const fault = { operation: 'TagResource', kind: 'error', code: 'OperationAborted', status: 409 } as const;
  office.sandbox.world.faults.add({ ...fault, times: 2 });

  expect(await bucketWriter.set(office.aws, [target], owner)).toMatchObject([{ failure: undefined }]);
  expect(await tagsOf(office)).toEqual({ Name: 'orders', Owner: 'ops' });
});

it('B2.36 after two more tries somebody is told', async () => {
  const office = officeWith({ Name: 'orders' });
  const fault = {
    operation: 'TagResource',
    kind: 'error',
    code: 'OperationAborted',
    status: 409,
  } as const;
  office.sandbox.world.faults.add(fault);

  const [written] = await bucketWriter.set(office.aws, [target], owner);

  expect(written?.failure).toMatchObject({ kind: 'conflict', code: 'TagsContended' });
  expect(await tagsOf(office)).toEqual({ Name: 'orders' });
});

it('B2.37 only a tag with the expected value is removed', async () => {
  const office = officeWith({ Owner: 'ana', Name: 'orders' });

  await bucketWriter.remove(office.aws, [target], owner);

  expect(await tagsOf(office)).toEqual({ Owner: 'ana', Name: 'orders' });
});

it('a denied write is told', async () => {
  const office = officeWith({ Name: 'orders' });
  office.sandbox.world.faults.add({ operation: 'TagResource', kind: 'denied' });

  const [written] = await bucketWriter.set(office.aws, [target], owner);

  expect(written?.failure).toMatchObject({ kind: 'denied', action: 'TagResource' });
});

describe('a bucket whose policy shows its tags to nobody', () => {
  function withThree(): Office {
    const office = officeWith({});
    const { account, region } = office.place;
    for (const name of ['orders-2027', 'secret']) {
      seedBucket(office.sandbox.world, { name, account, region, tags: {} });
    }
    const when = (input: unknown) => JSON.stringify(input).includes('"secret"');
    office.sandbox.world.faults.add({ operation: 'GetBucketTagging', kind: 'denied', when });
    return office;
  }

  it('costs the others of a sweep nothing', async () => {
    const office = withThree();
    await office.pass(60);

    expect((await office.sweep()).counts).toMatchObject({ done: 2, failed: 1 });
    expect(await tagsOf(office)).toEqual({ Owner: 'ops' });
  });

  it('and is told alone among those that an event names', async () => {
    const office = withThree();
    const refs = [NAME, 'secret'].map((id) => ({ type: 'AWS::S3::Bucket', id }));

    const { counts, missing } = await office.run(office.signal(refs));

    expect(counts).toMatchObject({ scanned: 1 });
    expect(missing).toMatchObject([{ why: 'unreadable', ref: { id: 'arn:aws:s3:::secret' } }]);
  });
});
