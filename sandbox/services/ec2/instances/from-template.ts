import type { RunInstancesRequest, TagSpecification } from '@aws-sdk/client-ec2';
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
  const base = data as Partial<RunInstancesRequest>;
  const TagSpecifications = mergedTags(base.TagSpecifications ?? [], input.TagSpecifications ?? []);
  return {
    ...base,
    ...given,
    ...(TagSpecifications.length > 0 && { TagSpecifications }),
    MinCount: input.MinCount,
    MaxCount: input.MaxCount,
  };
}

/** Tags of template and request, type by type; the request's win. */
function mergedTags(
  template: readonly TagSpecification[],
  own: readonly TagSpecification[],
): TagSpecification[] {
  const types = new Set([...template, ...own].map(({ ResourceType }) => ResourceType));
  return [...types].map((ResourceType) => {
    const tags = [...template, ...own].flatMap((one) =>
      one.ResourceType === ResourceType ? (one.Tags ?? []) : [],
    );
    return { ResourceType, Tags: [...new Map(tags.map((tag) => [tag.Key, tag])).values()] };
  });
}
