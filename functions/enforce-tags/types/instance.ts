import type { Instance } from '@aws-sdk/client-ec2';
import { launchedById, listInstances } from '../../../shared/aws/ec2/instances.ts';
import { type Launch, stoppableFrom } from '../../../shared/aws/ec2/stopping/instance.ts';
import { tagsFrom } from '../../../shared/aws/tagging/target.ts';
import type { Place } from '../../../shared/engine/signal.ts';
import { ec2Writer } from './ec2-writer.ts';
import { type ArnForm, arnOf, knownById, type TagType, told } from './row.ts';

const FORM: ArnForm = { service: 'ec2', prefix: 'instance/' };

/** Instances; those that are about to end are nobody's concern any more. */
export const instanceType: TagType = {
  type: 'AWS::EC2::Instance',
  async *list(aws) {
    for await (const page of listInstances(aws)) {
      yield page.map(({ instance, launch }) => instanceFrom(instance, launch, aws.place));
    }
  },
  async read(aws, ids) {
    const found = await launchedById(aws, ids);
    const ending: readonly (string | undefined)[] = ['shutting-down', 'terminated'];
    return found
      .filter(({ instance }) => !ending.includes(instance.State?.Name))
      .map(({ instance, launch }) => instanceFrom(instance, launch, aws.place));
  },
  ...knownById(FORM),
  write: ec2Writer,
  saved: { under: 'Instances', from: (one, place) => instanceFrom(one, one, place) },
  rights: { read: [...listInstances.rights, ...launchedById.rights], write: ec2Writer.rights },
};

/** An instance as DescribeInstances (or the AWS CLI's saved answer) tells it, with the launch that it came from. */
export function instanceFrom(instance: Instance, launch: Launch, place: Place) {
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
    machine: stoppableFrom(instance, launch, place),
    interfaces: (instance.NetworkInterfaces ?? []).map(({ NetworkInterfaceId = '', Groups = [] }) => ({
      id: NetworkInterfaceId,
      groupIds: Groups.flatMap(({ GroupId }) => GroupId ?? []).sort(),
    })),
  });
}
