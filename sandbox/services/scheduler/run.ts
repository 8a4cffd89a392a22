import type { Target } from '@aws-sdk/client-scheduler';
import { AwsError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import type { Call } from '../../core/service.ts';
import { deliver } from '../../events/delivery.ts';
import { servicePrincipal } from '../../iam/service-principal.ts';
import { roleFor } from '../../lambda/role.ts';
import { principalOfSession } from '../iam/store.ts';
import { findGroup, type Schedule } from './state.ts';
import { type Timing, timingOf } from './timing.ts';

const DEFAULT_AGE_S = 86_400;
const DEFAULT_RETRIES = 185;

/** Lets the schedule run at its next time, and so on; `after` keeps a moment from being used twice. */
export function arm(call: Call, schedule: Schedule, after = call.world.clock.now() - 1): void {
  schedule.cancel();
  const { clock } = call.world;
  if (schedule.settings.State === 'DISABLED') return;
  const timing = timingOf(schedule.settings, schedule.modifiedAt.getTime());
  const due = timing.next(after);
  if (due === undefined) return;
  schedule.cancel = clock.at(due, () => {
    run(call, schedule, due);
    next(call, schedule, timing, due);
  });
}

function next(call: Call, schedule: Schedule, timing: Timing, due: number): void {
  const over = timing.next(due) === undefined;
  if (over && schedule.settings.ActionAfterCompletion === 'DELETE') {
    findGroup(call, schedule.group).schedules.delete(schedule.name);
  } else if (!timing.once) arm(call, schedule, due);
}

function run(call: Call, schedule: Schedule, due: number): void {
  const { world } = call;
  const { Target: target } = schedule.settings;
  if (!target?.Arn) return;
  const executionId = world.random.uuid();
  const scheduledTime = new Date(due).toISOString().replace(/\.\d+Z$/, 'Z');
  deliver(world, {
    source: schedule.arn,
    target: target.Arn,
    payload: inputOf(call, schedule, target, { executionId, scheduledTime }),
    principal: () => roleSession(call, schedule, target),
    maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_S,
    maximumRetries: target.RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRIES,
    ...(target.DeadLetterConfig?.Arn && { deadLetterArn: target.DeadLetterConfig.Arn }),
    attributes: {
      SCHEDULE_ARN: schedule.arn,
      SCHEDULED_TIME: scheduledTime,
      EXECUTION_ID: executionId,
      IS_PAYLOAD_TRUNCATED: 'false',
    },
  });
}

/** The schedule's own input with its context attributes filled in, or the default event. */
function inputOf(
  call: Call,
  schedule: Schedule,
  { Input }: Target,
  { executionId, scheduledTime }: { executionId: string; scheduledTime: string },
): string {
  if (Input !== undefined) {
    return Input.replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
      .replaceAll('<aws.scheduler.scheduled-time>', scheduledTime)
      .replaceAll('<aws.scheduler.execution-id>', executionId)
      .replaceAll('<aws.scheduler.attempt-number>', '1');
  }
  return JSON.stringify({
    version: '0',
    id: executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: call.account,
    time: scheduledTime,
    region: call.region,
    resources: [schedule.arn],
    // Text, not an object: so the service sends it.
    detail: '{}',
  });
}

function roleSession(call: Call, { arn, name }: Schedule, { RoleArn = '' }: Target): Principal {
  // The group is what a trust policy may name as the source.
  const group = arn.replace(':schedule/', ':schedule-group/').replace(`/${name}`, '');
  const role = roleFor(call.world, RoleArn, servicePrincipal('scheduler', call.account, group));
  if (!role)
    throw new AwsError(
      'AccessDeniedException',
      `EventBridge Scheduler could not assume the role ${RoleArn}.`,
    );
  return { ...principalOfSession(call.account, role, name), accessKeyId: 'ASIASCHEDULER0000000' };
}
