import type { ResourceType } from './resource-type.ts';
import { bucketTypes } from './types/buckets.ts';
import { eventTypes } from './types/events.ts';
import { iamTypes } from './types/iam.ts';
import { lambdaTypes } from './types/lambda.ts';
import { messagingTypes } from './types/messaging.ts';
import { storageTypes } from './types/storage.ts';

/** Every resource type that the sandbox's CloudFormation knows. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  ...lambdaTypes,
  ...iamTypes,
  ...eventTypes,
  ...messagingTypes,
  ...storageTypes,
  ...bucketTypes,
};

export function resourceType(name: string): ResourceType {
  const found = Object.hasOwn(resourceTypes, name) ? resourceTypes[name] : undefined;
  if (found) return found;
  throw new Error(`${name} is not supported`);
}
