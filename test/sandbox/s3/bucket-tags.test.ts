import * as s3 from '@aws-sdk/client-s3';
import * as control from '@aws-sdk/client-s3-control';
import { expect, it } from 'vitest';
import { seededBucket } from '../../../sandbox/services/s3/seed.ts';
import { openS3 } from './client.ts';

it('B2.34 B2.35 TagResource changes single tags, also where the set cannot be put as a whole', async () => {
  const { sandbox, client, Bucket } = await openS3();
  const tagging = new control.S3ControlClient({ ...sandbox.clientConfig(), endpoint: 'http://localhost' });
  const bucket = { AccountId: sandbox.account, ResourceArn: `arn:aws:s3:::${Bucket}` };
  seededBucket(sandbox.world, Bucket).tags.set('aws:cloudformation:stack-id', 'arn:stack');
  await client.send(new s3.PutBucketAbacCommand({ Bucket, AbacStatus: { Status: 'Enabled' } }));
  const set = { TagSet: [{ Key: 'team', Value: 'web' }] };
  await expect(client.send(new s3.PutBucketTaggingCommand({ Bucket, Tagging: set }))).rejects.toMatchObject({
    name: 'InvalidRequest',
  });

  const Tags = [
    { Key: 'team', Value: 'web' },
    { Key: 'stage', Value: 'test' },
  ];
  await tagging.send(new control.TagResourceCommand({ ...bucket, Tags }));
  await tagging.send(new control.UntagResourceCommand({ ...bucket, TagKeys: ['stage'] }));
  const kept = [{ Key: 'aws:cloudformation:stack-id', Value: 'arn:stack' }, ...set.TagSet];
  expect((await tagging.send(new control.ListTagsForResourceCommand(bucket))).Tags).toEqual(kept);
  expect((await client.send(new s3.GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(kept);

  const forbidden = { ...bucket, TagKeys: ['aws:cloudformation:stack-id'] };
  await expect(tagging.send(new control.UntagResourceCommand(forbidden))).rejects.toMatchObject({
    name: 'InvalidTag',
  });
});
