import type { Service } from '../core/service.ts';
import { dynamodb } from './dynamodb/service.ts';
import { ec2 } from './ec2/service.ts';
import { iam } from './iam/service.ts';
import { lambda } from './lambda/service.ts';
import { sns } from './sns/service.ts';
import { sts } from './sts/service.ts';

/** Every service that the sandbox knows. A service is added here by name, so that one can find it. */
export const services: readonly Service[] = [dynamodb, ec2, iam, lambda, sns, sts];
