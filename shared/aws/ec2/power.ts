import {
  EC2Client,
  StartInstancesCommand,
  type StartInstancesCommandOutput,
  StopInstancesCommand,
  type StopInstancesCommandOutput,
} from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';

/** Stops instances in one call, all or none; never by force. `hibernate` needs to be configured on each. */
export const stopInstances = verb(
  ['ec2:StopInstances'],
  (aws: Aws, ids: readonly string[], hibernate: boolean): Promise<StopInstancesCommandOutput> =>
    aws.send(
      EC2Client,
      new StopInstancesCommand({ InstanceIds: [...ids], ...(hibernate ? { Hibernate: true } : {}) }),
    ),
);

/** Starts stopped instances in one call, all or none. EC2 refills this bucket at two instances a second. */
export const startInstances = verb(
  ['ec2:StartInstances'],
  (aws: Aws, ids: readonly string[]): Promise<StartInstancesCommandOutput> =>
    aws.send(EC2Client, new StartInstancesCommand({ InstanceIds: [...ids] })),
);
