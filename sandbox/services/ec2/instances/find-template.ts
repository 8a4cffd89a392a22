import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { combination, KINDS, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { LaunchTemplate } from './model.ts';

/** How CloudTrail names the lists of a template. */
export const WIRE_NAMES = {
  BlockDeviceMappings: 'BlockDeviceMapping',
  Groups: 'SecurityGroupId',
  NetworkInterfaces: 'NetworkInterface',
  SecurityGroupIds: 'SecurityGroupId',
  SecurityGroups: 'SecurityGroup',
  TagSpecifications: 'TagSpecification',
  Tags: 'Tag',
};

/** A template by its id or its name, never by both. */
export function findTemplate(call: Call, id: string | undefined, name: string | undefined): LaunchTemplate {
  const { newest } = ec2State.of(call).templates;
  if (id && name) throw combination('LaunchTemplateId', 'LaunchTemplateName');
  if (id || !name) return resolve(newest, id, KINDS.template, 'LaunchTemplateId');
  const found = [...newest.values()].find((template) => template.name === name);
  if (found) return found;
  const message = 'At least one of the launch templates specified in the request does not exist.';
  throw new AwsError('InvalidLaunchTemplateName.NotFoundException', message);
}

/** For IAM, before anything is checked: the template that a request seems to mean. */
export function meantTemplate(
  call: Call,
  id: string | undefined,
  name: string | undefined,
): LaunchTemplate | undefined {
  return [...ec2State.of(call).templates.newest.values()].find((one) => one.id === id || one.name === name);
}
