import type { Service } from '../core/service.ts';
import { cloudtrail } from './cloudtrail/service.ts';
import { cloudwatch } from './cloudwatch/service.ts';
import { dynamodb } from './dynamodb/service.ts';
import { ec2 } from './ec2/service.ts';
import { eventbridge } from './eventbridge/service.ts';
import { iam } from './iam/service.ts';
import { lambda } from './lambda/service.ts';
import { scheduler } from './scheduler/service.ts';
import { sns } from './sns/service.ts';
import { sqs } from './sqs/service.ts';
import { ssm } from './ssm/service.ts';
import { sts } from './sts/service.ts';

/** Every service that the sandbox knows. A service is added here by name, so that one can find it. */
export const services: readonly Service[] = [
  cloudtrail,
  cloudwatch,
  dynamodb,
  ec2,
  eventbridge,
  iam,
  lambda,
  scheduler,
  sns,
  sqs,
  ssm,
  sts,
];
