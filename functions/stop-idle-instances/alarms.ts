import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type Aws, verb } from '../../shared/aws/access.ts';
import { parseArn } from '../../shared/aws/arn.ts';
import { metricAlarmsByName } from '../../shared/aws/cloudwatch/alarms.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Missing } from '../../shared/engine/policy.ts';
import type { ResourceRef } from '../../shared/engine/signal.ts';
import { Field } from '../../shared/events/fields.ts';

export interface Resolved {
  readonly instances: readonly ResourceRef[];
  readonly missing: readonly Missing[];
}

/** The instances behind a composite alarm's triggering children; whatever names no instance is only told (B1.63). */
export const resolveAlarms = verb(
  metricAlarmsByName.rights,
  async (aws: Aws, refs: readonly ResourceRef[]): Promise<Resolved> => {
    const missing: Missing[] = [];
    const children: { ref: ResourceRef; name: string }[] = [];
    for (const ref of refs) {
      const why = new Field(ref.hint, 'hint').at('unresolved').optionalText();
      const name = /^alarm:(.+)$/.exec(parseArn(ref.id)?.resource ?? '')?.[1];
      if (why === undefined && name !== undefined) children.push({ ref, name });
      else missing.push(unresolved(ref, `The alarm points at no instance: ${why ?? 'it has no name'}.`));
    }
    if (children.length === 0) return { instances: [], missing };

    const told = await alarmsOrWhy(
      aws,
      children.map(({ name }) => name),
    );
    const instances: ResourceRef[] = [];
    for (const { ref, name } of children) {
      if (typeof told === 'string') {
        missing.push({ ref, why: 'unreadable', reason: told });
        continue;
      }
      const ids = instancesOf(told.find(({ AlarmName }) => AlarmName === name));
      instances.push(...ids.map((id) => ({ type: 'AWS::EC2::Instance', id })));
      if (ids.length === 0) missing.push(unresolved(ref, `The alarm ${name} is of no single instance.`));
    }
    return { instances, missing };
  },
);

/** Aggregates over a group, an image or a type are never taken for their instances (B1.61). */
function instancesOf(alarm: MetricAlarm | undefined): readonly string[] {
  const dimensions = [
    ...(alarm?.Dimensions ?? []),
    ...(alarm?.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []),
  ];
  const ids = dimensions.flatMap(({ Name, Value }) => (Name === 'InstanceId' && Value ? [Value] : []));
  return [...new Set(ids)];
}

async function alarmsOrWhy(aws: Aws, names: readonly string[]): Promise<readonly MetricAlarm[] | string> {
  try {
    return await metricAlarmsByName(aws, names);
  } catch (error) {
    if (error instanceof AwsFailure) return error.message;
    throw error;
  }
}

function unresolved(ref: ResourceRef, reason: string): Missing {
  return { ref, why: 'unresolved', reason };
}
