import type { CreateScheduleInput } from '@aws-sdk/client-scheduler';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';

export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly createdAt: Date;
  settings: CreateScheduleInput;
  modifiedAt: Date;
  /** Takes the next invocation away. */
  cancel(): void;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  readonly schedules: Map<string, Schedule>;
}

const groups = drawer<Map<string, Group>>(({ partition, account, region, world }) => {
  const arn = `arn:${partition}:scheduler:${region}:${account}:schedule-group/default`;
  const createdAt = new Date(world.clock.now());
  return new Map([['default', { name: 'default', arn, createdAt, tags: new Map(), schedules: new Map() }]]);
});

export function groupsOf(call: Call): Map<string, Group> {
  return groups.of(call);
}

export function findGroup(call: Call, name = 'default'): Group {
  const found = groups.of(call).get(name);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
}

export function findSchedule(call: Call, name = '', group?: string): Schedule {
  const found = findGroup(call, group).schedules.get(name);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
}

export function scheduleArn({ partition, region, account }: Call, name: string, group = 'default'): string {
  return `arn:${partition}:scheduler:${region}:${account}:schedule/${group}/${name}`;
}

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
