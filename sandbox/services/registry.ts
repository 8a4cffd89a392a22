import type { Service } from '../core/service.ts';
import { dynamodb } from './dynamodb/service.ts';
import { iam } from './iam/service.ts';
import { sts } from './sts/service.ts';

/** Every service that the sandbox knows. A service is added here by name, so that one can find it. */
export const services: readonly Service[] = [dynamodb, iam, sts];
