import * as control from '@aws-sdk/client-s3-control';
import { expect, it } from 'vitest';
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
