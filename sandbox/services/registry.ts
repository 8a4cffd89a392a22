import type { Service } from '../core/service.ts';
import { athena } from './athena/service.ts';
import { autoScaling } from './autoscaling/service.ts';
import { cloudformation } from './cloudformation/service.ts';
import { cloudfront } from './cloudfront/service.ts';
import { cloudtrail } from './cloudtrail/service.ts';
import { cloudwatch } from './cloudwatch/service.ts';
import { cloudwatchLogs } from './cloudwatch-logs/service.ts';
import { configService } from './config-service/service.ts';
import { dynamodb } from './dynamodb/service.ts';
import { ec2 } from './ec2/service.ts';
import { ecr } from './ecr/service.ts';
import { elb } from './elb/service.ts';
import { elbv2 } from './elbv2/service.ts';
import { eventbridge } from './eventbridge/service.ts';
import { firehose } from './firehose/service.ts';
import { glue } from './glue/service.ts';
import { iam } from './iam/service.ts';
import { lambda } from './lambda/service.ts';
import { organizations } from './organizations/service.ts';
import { rds } from './rds/service.ts';
import { resourceGroupsTaggingApi } from './resource-groups-tagging-api/service.ts';
import { route53 } from './route-53/service.ts';
import { s3 } from './s3/service.ts';
import { s3Control } from './s3-control/service.ts';
import { scheduler } from './scheduler/service.ts';
import { sns } from './sns/service.ts';
import { sqs } from './sqs/service.ts';
import { ssm } from './ssm/service.ts';
import { sts } from './sts/service.ts';

/** Every service that the sandbox knows. A service is added here by name, so that one can find it. */
export const services: readonly Service[] = [
  athena,
  autoScaling,
  cloudtrail,
  cloudwatch,
  cloudformation,
  cloudfront,
  cloudwatchLogs,
  configService,
  dynamodb,
  ec2,
  ecr,
  elb,
  elbv2,
  eventbridge,
  firehose,
  glue,
  iam,
  lambda,
  organizations,
  rds,
  resourceGroupsTaggingApi,
  s3,
  s3Control,
  route53,
  scheduler,
  sns,
  sqs,
  ssm,
  sts,
];
