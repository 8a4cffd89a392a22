import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import type { Rule } from '../../events/bus.ts';
import type { NextTime } from '../../events/cron.ts';
import { fire, scheduledEvent } from '../../events/deliver.ts';
import { parseSchedule } from '../../events/schedule.ts';

/** Reads a rule's schedule, which only the default bus knows. */
export function scheduleOf(expression: string, call: Call, bus: string): NextTime {
  if (bus !== 'default') {
    throw new AwsError(
      'ValidationException',
      'ScheduleExpression is supported only on the default event bus.',
    );
  }
  try {
    return parseSchedule(expression, call.now.getTime());
  } catch {
    throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  }
}

/** Lets the rule fire at its next time, and so on until it is cancelled. */
export function armSchedule(call: Call, rule: Rule, next: NextTime): void {
  const { clock } = call.world;
  const due = next(clock.now());
  if (due === undefined) return;
  rule.cancel = clock.at(due, () => {
    armSchedule(call, rule, next);
    if (rule.enabled) fire(call.world, rule, scheduledEvent(call.world, call, rule));
  });
}
