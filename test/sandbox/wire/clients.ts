import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';

/** Clients of one holder, one per protocol, that ask once and do not try again. */
export function clientsWith(config: object) {
  const once = { ...config, maxAttempts: 1 };
  return {
    ec2: new EC2Client(once),
    sts: new STSClient(once),
    iam: new IAMClient(once),
    dynamodb: new DynamoDBClient(once),
    lambda: new LambdaClient(once),
  };
}
