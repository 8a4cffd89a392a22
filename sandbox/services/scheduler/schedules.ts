import type {
  CreateScheduleInput,
  CreateScheduleOutput,
  DeleteScheduleInput,
  GetScheduleInput,
  GetScheduleOutput,
  ListSchedulesInput,
  ListSchedulesOutput,
  UpdateScheduleInput,
  UpdateScheduleOutput,
} from '@aws-sdk/client-scheduler';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Demand, type Operation, operation } from '../../core/service.ts';
import { TARGET_SERVICES } from '../../events/send.ts';
import { refuseOthers, unsupported } from '../../events/unsupported.ts';
import { servicePrincipal } from '../../iam/service-principal.ts';
import { roleFor } from '../../lambda/role.ts';
import { arm } from './run.ts';
import { findGroup, findSchedule, groupsOf, invalid, type Schedule, scheduleArn } from './state.ts';
import { timingOf } from './timing.ts';

const KNOWN = [
  'ActionAfterCompletion',
  'ClientToken',
  'Description',
  'EndDate',
  'FlexibleTimeWindow',
  'GroupName',
  'Name',
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'StartDate',
  'State',
  'Target',
];

export const createSchedule: Operation = operation<CreateScheduleInput, CreateScheduleOutput>({
  authorize: (input, call) => [
    ...onSchedule('scheduler:CreateSchedule', call, input.Name, input.GroupName),
    ...passRole(input),
  ],
  run(input, call) {
    check('CreateSchedule', input, call);
    const { Name: name = '', GroupName: group = 'default' } = input;
    const { schedules } = findGroup(call, group);
    if (schedules.has(name)) throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
    const arn = scheduleArn(call, name, group);
    const schedule: Schedule = {
      name,
      group,
      arn,
      createdAt: call.now,
      modifiedAt: call.now,
      settings: input,
      cancel: () => {},
    };
    schedules.set(name, schedule);
    arm(call, schedule);
    return { ScheduleArn: arn };
  },
});

export const updateSchedule: Operation = operation<UpdateScheduleInput, UpdateScheduleOutput>({
  authorize: (input, call) => [
    ...onSchedule('scheduler:UpdateSchedule', call, input.Name, input.GroupName),
    ...passRole(input),
  ],
  run(input, call) {
    check('UpdateSchedule', input, call);
    const schedule = findSchedule(call, input.Name, input.GroupName);
    // All settings at once: what an update does not name goes back to its default.
    schedule.settings = input;
    schedule.modifiedAt = call.now;
    arm(call, schedule);
    return { ScheduleArn: schedule.arn };
  },
});

export const getSchedule: Operation = operation<GetScheduleInput, GetScheduleOutput>({
  authorize: (input, call) => onSchedule('scheduler:GetSchedule', call, input.Name, input.GroupName),
  run({ Name, GroupName }, call) {
    const { arn, group, settings, createdAt, modifiedAt } = findSchedule(call, Name, GroupName);
    const { ClientToken: _, ...shown } = settings;
    return {
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
      ...shown,
      Arn: arn,
      GroupName: group,
      CreationDate: createdAt,
      LastModificationDate: modifiedAt,
    };
  },
});

export const deleteSchedule: Operation = operation<DeleteScheduleInput, object>({
  authorize: (input, call) => onSchedule('scheduler:DeleteSchedule', call, input.Name, input.GroupName),
  run({ Name, GroupName }, call) {
    const schedule = findSchedule(call, Name, GroupName);
    schedule.cancel();
    findGroup(call, schedule.group).schedules.delete(schedule.name);
    return {};
  },
});

export const listSchedules: Operation = operation<ListSchedulesInput, ListSchedulesOutput>({
  run(input, call) {
    refuseOthers('ListSchedules', input, ['GroupName', 'NamePrefix', 'State', 'MaxResults', 'NextToken']);
    const { GroupName, NamePrefix = '', State, MaxResults = 100, NextToken = '' } = input;
    const all = (GroupName ? [findGroup(call, GroupName)] : [...groupsOf(call).values()])
      .flatMap(({ schedules }) => [...schedules.values()])
      .filter(
        ({ name, settings }) =>
          name.startsWith(NamePrefix) && (!State || State === (settings.State ?? 'ENABLED')),
      )
      .filter(({ arn }) => arn > NextToken)
      .sort((one, other) => (one.arn < other.arn ? -1 : 1));
    const page = all.slice(0, MaxResults);
    const last = page.at(-1);
    return {
      Schedules: page.map(({ arn, name, group, settings, createdAt, modifiedAt }) => ({
        Arn: arn,
        Name: name,
        GroupName: group,
        State: settings.State ?? 'ENABLED',
        Target: { Arn: settings.Target?.Arn },
        CreationDate: createdAt,
        LastModificationDate: modifiedAt,
      })),
      ...(last && all.length > page.length && { NextToken: last.arn }),
    };
  },
});

function check(name: string, input: CreateScheduleInput, call: Call): void {
  refuseOthers(name, input, KNOWN);
  const { Target: target, FlexibleTimeWindow: window } = input;
  if (!/^[0-9a-zA-Z\-_.]{1,64}$/.test(input.Name ?? ''))
    throw invalid(`Schedule name ${input.Name} is not valid.`);
  if (!target?.Arn || !target.RoleArn) throw invalid('Target needs an Arn and a RoleArn.');
  refuseOthers(`${name}: Target`, target, ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig']);
  const service = target.Arn.split(':')[2] ?? '';
  if (!TARGET_SERVICES.includes(service)) throw unsupported(`${target.Arn} as a target`);
  const minutes = window?.MaximumWindowInMinutes;
  if (
    window?.Mode === 'FLEXIBLE'
      ? !(minutes && minutes >= 1 && minutes <= 1440)
      : window?.Mode !== 'OFF' || minutes !== undefined
  ) {
    throw invalid(
      'FlexibleTimeWindow is OFF without, or FLEXIBLE with a MaximumWindowInMinutes of 1 to 1440.',
    );
  }
  timingOf(input, call.now.getTime());
  const group = `arn:${call.partition}:scheduler:${call.region}:${call.account}:schedule-group/${input.GroupName ?? 'default'}`;
  if (!roleFor(call.world, target.RoleArn, servicePrincipal('scheduler', call.account, group))) {
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
}

function onSchedule(action: string, call: Call, name = '', group = 'default'): readonly Demand[] {
  return [{ action, resources: [scheduleArn(call, name, group)] }];
}

function passRole({ Target: target }: CreateScheduleInput): readonly Demand[] {
  const context = { 'iam:PassedToService': ['scheduler.amazonaws.com'] };
  return target?.RoleArn ? [{ action: 'iam:PassRole', resources: [target.RoleArn], context }] : [];
}
