import * as control from '@aws-sdk/client-s3-control';
import { expect, it } from 'vitest';
import { seedMultiRegionAccessPoint } from '../../../sandbox/services/s3-control/multi-region.ts';
import { openS3 } from './client.ts';

it('B4.45 lists the access points of a bucket, page by page, in their own account and region', async () => {
  const { sandbox, Bucket } = await openS3();
  // The client puts the account in front of the host, which no IP address takes.
  const client = new control.S3ControlClient({ ...sandbox.clientConfig(), endpoint: 'http://localhost' });
  const AccountId = sandbox.account;
  for (const Name of ['logs-b', 'logs-a', 'logs-c']) {
    await client.send(new control.CreateAccessPointCommand({ AccountId, Name, Bucket }));
  }
  await client.send(new control.DeleteAccessPointCommand({ AccountId, Name: 'logs-c' }));
  const list = (more: Partial<control.ListAccessPointsCommandInput> = {}) =>
    client.send(new control.ListAccessPointsCommand({ AccountId, Bucket, ...more }));
  const first = await list({ MaxResults: 1 });
  const second = await list({ MaxResults: 1, NextToken: first.NextToken });

  expect(first.AccessPointList).toMatchObject([{ Name: 'logs-a', Bucket, NetworkOrigin: 'Internet' }]);
  expect(second).toMatchObject({ AccessPointList: [{ Name: 'logs-b' }] });
  expect(second.NextToken).toBeUndefined();
  expect((await list({ Bucket: 'another' })).AccessPointList).toEqual([]);
  await expect(list({ AccountId: '999900001111' })).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('B4.45 multi-region access points are told by us-west-2 alone', async () => {
  const { sandbox, Bucket } = await openS3();
  const { account, world } = sandbox;
  for (const name of ['one', 'two']) seedMultiRegionAccessPoint(world, { name, account, buckets: [Bucket] });
  const config = { ...sandbox.clientConfig(), endpoint: 'http://localhost', maxAttempts: 1 };
  const ask = (region: string, more: Partial<control.ListMultiRegionAccessPointsCommandInput> = {}) =>
    new control.S3ControlClient({ ...config, region }).send(
      new control.ListMultiRegionAccessPointsCommand({ AccountId: account, ...more }),
    );
  const first = await ask('us-west-2', { MaxResults: 1 });
  expect(first.AccessPoints).toMatchObject([{ Name: 'one', Regions: [{ Bucket, Region: 'eu-west-1' }] }]);
  const second = await ask('us-west-2', { MaxResults: 1, NextToken: first.NextToken });
  expect(second).toMatchObject({ AccessPoints: [{ Name: 'two' }] });
  expect(second.NextToken).toBeUndefined();
  await expect(ask('eu-west-1')).rejects.toThrow(/always routed to us-west-2/);
});
