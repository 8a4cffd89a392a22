import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import type { SpecDatabase } from '@aws-cdk/service-spec-types';

let loaded: Promise<SpecDatabase> | undefined;

/** What CloudFormation knows, read once by each thread: it takes a second. */
export function serviceSpec(): Promise<SpecDatabase> {
  loaded ??= loadAwsServiceSpec();
  return loaded;
}
