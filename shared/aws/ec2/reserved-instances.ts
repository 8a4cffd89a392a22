import { DescribeReservedInstancesCommand, EC2Client, type ReservedInstances } from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';

/** The Reserved Instances of this account and region that are being paid for now; EC2 knows no pages here. */
export const activeReservedInstances = verb(
  ['ec2:DescribeReservedInstances'],
  async (aws: Aws): Promise<readonly ReservedInstances[]> => {
    const { ReservedInstances: reserved = [] } = await aws.send(
      EC2Client,
      new DescribeReservedInstancesCommand({ Filters: [{ Name: 'state', Values: ['active'] }] }),
    );
    return reserved;
  },
);
