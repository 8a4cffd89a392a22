import type {
  CreateScheduleGroupInput,
  CreateScheduleGroupOutput,
  DeleteScheduleGroupInput,
  GetScheduleGroupInput,
  GetScheduleGroupOutput,
} from '@aws-sdk/client-scheduler';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Demand, type Operation, operation } from '../../core/service.ts';
import { findGroup, groupsOf, invalid } from './state.ts';

export const createScheduleGroup: Operation = operation<CreateScheduleGroupInput, CreateScheduleGroupOutput>({
  authorize: (input, call) => onGroup('scheduler:CreateScheduleGroup', call, input.Name),
  run({ Name: name = '', Tags = [] }, call) {
    if (!/^[0-9a-zA-Z\-_.]{1,64}$/.test(name)) throw invalid(`Schedule group name ${name} is not valid.`);
    const all = groupsOf(call);
    if (all.has(name)) throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
    const arn = groupArn(call, name);
    const tags = new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    all.set(name, { name, arn, createdAt: call.now, tags, schedules: new Map() });
    return { ScheduleGroupArn: arn };
  },
});

export const getScheduleGroup: Operation = operation<GetScheduleGroupInput, GetScheduleGroupOutput>({
  authorize: (input, call) => onGroup('scheduler:GetScheduleGroup', call, input.Name),
  run({ Name }, call) {
    const { name, arn, createdAt } = findGroup(call, Name);
    return {
      Name: name,
      Arn: arn,
      State: 'ACTIVE',
      CreationDate: createdAt,
      LastModificationDate: createdAt,
    };
  },
});

/** Deletes the group with all its schedules. */
export const deleteScheduleGroup: Operation = operation<DeleteScheduleGroupInput, object>({
  authorize: (input, call) => onGroup('scheduler:DeleteScheduleGroup', call, input.Name),
  run({ Name }, call) {
    if (Name === 'default') throw invalid('The default schedule group cannot be deleted.');
    const group = findGroup(call, Name);
    for (const schedule of group.schedules.values()) schedule.cancel();
    groupsOf(call).delete(group.name);
    return {};
  },
});

const groupArn = ({ partition, region, account }: Call, name = '') =>
  `arn:${partition}:scheduler:${region}:${account}:schedule-group/${name}`;

const onGroup = (action: string, call: Call, name?: string): readonly Demand[] => [
  { action, resources: [groupArn(call, name)] },
];
