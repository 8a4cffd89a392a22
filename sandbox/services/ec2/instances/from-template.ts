import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import { refuseUnknown } from '../ec2-operation.ts';
import { findTemplate } from './find-template.ts';
import { numbered } from './template-versions.ts';

/** A launch request with what its launch template says where the request itself says nothing. */
export function withTemplate(call: Call, input: RunInstancesRequest): RunInstancesRequest {
  const { LaunchTemplate: named, ...own } = input;
  if (!named) return input;
  refuseUnknown(named, ['LaunchTemplateId', 'LaunchTemplateName', 'Version'], 'LaunchTemplate.');
  const template = findTemplate(call, named.LaunchTemplateId, named.LaunchTemplateName);
  const { data } = numbered(template, named.Version ?? '$Default');
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  // Template data spells every parameter as RunInstances does; the SDK only names the two types differently.
  return {
    ...(data as Partial<RunInstancesRequest>),
    ...given,
    MinCount: input.MinCount,
    MaxCount: input.MaxCount,
  };
}
