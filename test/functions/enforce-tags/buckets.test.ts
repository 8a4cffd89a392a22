import {
  GetBucketTaggingCommand,
  PutBucketAbacCommand,
  PutBucketTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
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

it('B2.33 a tag is put together with all that were there, and read again', async () => {
  const office = officeWith({ Name: 'orders', Team: 'shop' });

  expect(await bucketWriter.set(office.aws, [target], owner)).toMatchObject([{ failure: undefined }]);

  expect(await tagsOf(office)).toEqual({ Name: 'orders', Team: 'shop', Owner: 'ops' });
  expect(office.calls()).toEqual(['GetBucketTagging', 'PutBucketTagging', 'GetBucketTagging']);
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
  expect(office.calls()).toEqual(['GetBucketTagging', 'TagResource', 'TagResources', 'GetBucketTagging']);
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

it('B2.36 another writer in between is seen, and nobody’s tag is lost in the end', async () => {
  const office = officeWith({ Name: 'orders' });
  const other = office.client(S3Client);
  let times = 0;
  office.sandbox.world.faults.add({
    operation: 'PutBucketTagging',
    kind: 'error',
    code: 'OperationAborted',
    status: 409,
    times: 1,
    when: (_input, { principal }) => String(principal.arn).endsWith('reeve') && times++ === 0,
  });
  await other.send(
    new PutBucketTaggingCommand({ Bucket: NAME, Tagging: { TagSet: [{ Key: 'Team', Value: 'shop' }] } }),
  );

  expect(await bucketWriter.set(office.aws, [target], owner)).toMatchObject([{ failure: undefined }]);
  expect(await tagsOf(office)).toEqual({ Team: 'shop', Owner: 'ops' });
});

it('B2.36 after two more tries somebody is told', async () => {
  const office = officeWith({ Name: 'orders' });
  const fault = {
    operation: 'PutBucketTagging',
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

it('a denied write is told as it was denied, not as its way around', async () => {
  const office = officeWith({ Name: 'orders' });
  for (const operation of ['PutBucketTagging', 'TagResource']) {
    office.sandbox.world.faults.add({ operation, kind: 'denied' });
  }

  const [written] = await bucketWriter.set(office.aws, [target], owner);

  expect(written?.failure).toMatchObject({ kind: 'denied', action: 'PutBucketTagging' });
});
