import type { Instance } from '@aws-sdk/client-ec2';
import { instancesById, listInstances } from '../../../shared/aws/ec2/instances.ts';
import { tagsFrom } from '../../../shared/aws/tagging/target.ts';
import type { Place } from '../../../shared/engine/signal.ts';
import type { Tags } from '../../../shared/engine/verdict.ts';
import type { Stopping } from '../resource.ts';
import { ec2Writer } from './ec2-writer.ts';
import { type ArnForm, arnOf, knownById, type TagType, told } from './row.ts';

const FORM: ArnForm = { service: 'ec2', prefix: 'instance/' };

/** Tag keys by which services mark what they start again, or replace, when it stops. */
const KEEPERS: readonly (readonly [RegExp, string])[] = [
  [/^aws:autoscaling:groupName$/, 'its Auto Scaling group would replace it'],
  [
    /^(aws:eks:cluster-name$|eks:cluster-name$|kubernetes\.io\/cluster\/|karpenter\.sh\/)/,
    'it is a Kubernetes node',
  ],
  [/^elasticbeanstalk:/, 'Elastic Beanstalk manages it'],
  [/^aws:elasticmapreduce:/, 'Amazon EMR manages it'],
  [/^aws:ec2:fleet-id$/, 'its fleet would replace it'],
  [/^aws:ec2spot:fleet-request-id$/, 'its Spot fleet would replace it'],
  [/^(AmazonECSManaged$|aws:ecs:)/, 'Amazon ECS manages it'],
  [/^AWSBatchServiceTag$/, 'AWS Batch manages it'],
];

/** Instances; those that are about to end are nobody's concern any more. */
export const instanceType: TagType = {
  type: 'AWS::EC2::Instance',
  async *list(aws) {
    for await (const page of listInstances(aws)) {
      yield page.map(({ instance }) => instanceFrom(instance, aws.place));
    }
  },
  async read(aws, ids) {
    const found = await instancesById(aws, ids);
    const ending: readonly (string | undefined)[] = ['shutting-down', 'terminated'];
    return found
      .filter(({ State }) => !ending.includes(State?.Name))
      .map((instance) => instanceFrom(instance, aws.place));
  },
  ...knownById(FORM),
  write: ec2Writer,
  saved: { under: 'Instances', from: instanceFrom },
  rights: { read: [...listInstances.rights, ...instancesById.rights], write: ec2Writer.rights },
};

/** An instance as DescribeInstances (or the AWS CLI's saved answer) tells it. */
export function instanceFrom(instance: Instance, place: Place) {
  const { InstanceId: id = '', Tags, MetadataOptions } = instance;
  const tags = tagsFrom(Tags);
  const group = tags.get('aws:autoscaling:groupName');
  return told({
    type: 'AWS::EC2::Instance',
    id,
    arn: arnOf(FORM, id, place),
    name: tags.get('Name'),
    tags,
    createdAt: instance.LaunchTime,
    parents: group === undefined ? [] : [{ type: 'AWS::AutoScaling::AutoScalingGroup', id: group }],
    metadataTags: MetadataOptions?.InstanceMetadataTags === 'enabled',
    stopping: stoppingOf(instance, tags),
  });
}

function stoppingOf(instance: Instance, tags: Tags): Stopping {
  const keeper = KEEPERS.find(([key]) => [...tags.keys()].some((tag) => key.test(tag)))?.[1];
  if (keeper !== undefined) return { state: 'not-ours', why: keeper };
  if (instance.InstanceLifecycle !== undefined)
    return { state: 'not-ours', why: `it is a ${instance.InstanceLifecycle} instance` };
  if (instance.RootDeviceType === 'instance-store')
    return { state: 'not-ours', why: 'its root volume would be lost' };
  const state = instance.State?.Name;
  return state === 'pending' || state === 'running'
    ? { state: 'running', since: instance.LaunchTime }
    : { state: 'stopped' };
}
