import { type Points, pointsOf } from '../../shared/aws/cloudwatch/points.ts';
import { inServiceOf } from '../../shared/aws/ec2/stopping/served-by.ts';
import { eventsFrom, membersFrom } from '../../shared/aws/ec2/stopping/surroundings.ts';
import { typeFrom } from '../../shared/aws/ec2/stopping/types-of.ts';
import { type Activity, type Facts, NO_FACTS } from './facts.ts';
import type { Instance } from './instance.ts';
import { sessionText } from './logins.ts';
import { DAY_SECONDS, fineMetrics, PEAK } from './metrics.ts';
import { isReserved } from './reserved.ts';
import type { Saved, SavedResult } from './saved.ts';

/** What saved answers say about each instance; what they do not hold stays not asked, and is never taken for quiet. */
export function readFacts(answer: Saved): (instance: Instance) => Facts {
  const activityOf = readActivity(answer);
  const types = answer.InstanceTypes;
  const events =
    answer.InstanceStatuses && eventsFrom(answer.InstanceStatuses as Parameters<typeof eventsFrom>[0]);
  const groups = answer.AutoScalingGroups && membersFrom(answer.AutoScalingGroups);
  const serving = readServing(answer);
  // The schema has every member that is read of them, in the SDK's own types.
  const reserved = answer.ReservedInstances?.filter(({ State }) => State === 'active') as
    | Parameters<typeof isReserved>[1]
    | undefined;
  return (one) => {
    const type = types?.find(({ InstanceType }) => InstanceType === one.instanceType);
    const request = answer.SpotInstanceRequests?.find(
      (each) => each.SpotInstanceRequestId === one.spotRequestId,
    );
    const session = answer.Sessions?.find(({ Target }) => Target === one.id);
    return {
      ...NO_FACTS,
      activity: activityOf(one),
      ...(type && { type: typeFrom(type as Parameters<typeof typeFrom>[0]) }),
      ...(events && { event: { value: events.get(one.id) } }),
      ...(groups && { group: { value: groups.get(one.id) } }),
      ...(serving && {
        serves: { value: [one.id, ...one.privateIps].map((id) => serving.get(id)).find(Boolean) },
      }),
      ...(request && { spot: { value: request.Type } }),
      ...(reserved && { reserved: { value: isReserved(one, reserved) } }),
      ...(answer.Sessions && {
        login: { value: session && sessionText(session as Parameters<typeof sessionText>[0]) },
      }),
    };
  };
}

/** Both kinds of load balancers have to be there: one alone does not say that nothing is in service. */
function readServing({ TargetHealthDescriptions: targets, LoadBalancerDescriptions: balancers }: Saved) {
  if (targets === undefined || balancers === undefined) return undefined;
  return new Map([
    ...inServiceOf(targets).map((id): [string, string] => [id, 'a target group']),
    ...balancers.flatMap(({ LoadBalancerName, Instances = [] }) =>
      Instances.map(({ InstanceId }): [string, string] => [
        InstanceId,
        `the load balancer ${LoadBalancerName}`,
      ]),
    ),
  ]);
}

function readActivity(answer: Saved): (instance: Instance) => Activity | 'not-asked' {
  const {
    StartTime: start,
    EndTime: end,
    MetricDataQueries: queries = [],
    MetricDataResults: results = [],
  } = answer;
  const fine = queries.map(({ MetricStat }) => MetricStat.Period).filter((period) => period < DAY_SECONDS);
  if (start === undefined || end === undefined || fine.length === 0) return () => 'not-asked';
  const byId = Map.groupBy(results, ({ Id }) => Id);
  return (one) => {
    const metrics = new Map(
      [PEAK, ...fineMetrics(one)].flatMap((metric) => {
        const asked = queries.find(({ MetricStat: { Metric, Stat, Period } }) =>
          [
            Metric.MetricName === metric.name,
            Stat === metric.statistic,
            (Period === DAY_SECONDS) === (metric === PEAK),
            Metric.Dimensions.some(({ Name, Value }) => Name === 'InstanceId' && Value === one.id),
          ].every(Boolean),
        );
        const parts = asked === undefined ? undefined : byId.get(asked.Id);
        if (parts === undefined) return [];
        const whole = parts.at(-1)?.StatusCode === 'Complete';
        return [
          [
            metric.key,
            whole ? { value: pointsIn(parts) } : { unknown: 'it was answered in part only' },
          ] as const,
        ];
      }),
    );
    const window = { from: start.getTime(), to: end.getTime(), periodSeconds: Math.min(...fine) };
    return { ...window, metrics };
  };
}

function pointsIn(parts: readonly SavedResult[]): Points {
  return pointsOf(
    parts.flatMap(({ Timestamps, Values }) =>
      Timestamps.map((at, index): [number, number] => [at.getTime(), Values[index] ?? Number.NaN]),
    ),
  );
}
