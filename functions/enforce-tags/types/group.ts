import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import {
  groupsByName,
  listGroups,
  tagGroups,
  untagGroups,
} from '../../../shared/aws/tagging/auto-scaling.ts';
import { tagsFrom } from '../../../shared/aws/tagging/target.ts';
import { type TagType, type Told, told } from './row.ts';

/** The name is at the end of `…:autoScalingGroup:UUID:autoScalingGroupName/web`. */
const NAME = /^arn:[^:]+:autoscaling:[^:]*:\d*:autoScalingGroup:[^:]*:autoScalingGroupName\/(.+)$/;

/** Auto Scaling groups, whose tags their later instances get; by name, as everything else speaks of them. */
export const groupType: TagType = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  async *list(aws) {
    for await (const page of listGroups(aws)) yield page.map(groupFrom);
  },
  read: async (aws, names) => (await groupsByName(aws, names)).map(groupFrom),
  idOf: (arn) => NAME.exec(arn)?.[1],
  idNamed: (name) => name,
  write: { set: tagGroups, remove: untagGroups },
  rights: {
    read: [...listGroups.rights, ...groupsByName.rights],
    write: [...tagGroups.rights, ...untagGroups.rights],
  },
};

function groupFrom(group: AutoScalingGroup): Told {
  const { AutoScalingGroupName: name = '', AutoScalingGroupARN: arn = '', Tags, CreatedTime } = group;
  const type = 'AWS::AutoScaling::AutoScalingGroup';
  return told({ type, id: name, arn, name, tags: tagsFrom(Tags), createdAt: CreatedTime });
}
