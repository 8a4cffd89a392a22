import type {
  DescribeInstanceCreditSpecificationsRequest,
  DescribeInstanceCreditSpecificationsResult,
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  InstanceStatus,
  InstanceStatusEvent,
  InstanceStatusSummary,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { KINDS } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { Health, Instance } from './model.ts';
import { showState } from './show-instance.ts';

/** Status checks and scheduled events: of running instances, or of all when asked. */
export const DescribeInstanceStatus = ec2Operation<
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult
>(['InstanceIds', 'IncludeAllInstances', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const state = ec2State.of(call);
    const healthOf = ({ id }: Instance) => state.health.get(id) ?? {};
    const keep = filterBy<Instance>(input.Filters, {
      'availability-zone': (one) => [one.zone],
      'event.code': (one) => (healthOf(one).events ?? []).map((event) => event.code),
      'instance-state-name': (one) => [one.state],
      'instance-status.status': (one) => [statusOf(call, one, healthOf(one).instance)],
      'system-status.status': (one) => [statusOf(call, one, healthOf(one).system)],
      'attached-ebs-status.status': (one) => [statusOf(call, one, healthOf(one).ebs)],
    });
    const ids = input.InstanceIds;
    const found = chosen(state.instances.seen(), ids, KINDS.instance).filter(
      (one) => (input.IncludeAllInstances || one.state === 'running') && keep(one),
    );
    const page = pageOf(found, input, { min: 5, max: 1000, ids: ids?.length ? 'InstanceIds' : undefined });
    return {
      InstanceStatuses: page.items.map((one) => showStatus(call, one, healthOf(one))),
      NextToken: page.NextToken,
    };
  },
});

type Check = 'ok' | 'impaired' | 'insufficient-data' | 'initializing' | 'not-applicable';

/** The first two minutes of an instance that was just started pass before its checks do. */
const INITIALIZING_MS = 120_000;

function statusOf({ now }: Call, { state, launchTime }: Instance, seeded: Health['system']): Check {
  if (state !== 'running') return 'not-applicable';
  if (seeded) return seeded;
  return now.getTime() - launchTime.getTime() < INITIALIZING_MS ? 'initializing' : 'ok';
}

function showStatus(call: Call, one: Instance, health: Health): InstanceStatus {
  const summary = (check: Check): InstanceStatusSummary => ({
    Status: check,
    ...(check !== 'not-applicable' && { Details: [detail(check, health)] }),
  });
  return {
    InstanceId: one.id,
    AvailabilityZone: one.zone,
    InstanceState: showState(one.state),
    SystemStatus: summary(statusOf(call, one, health.system)),
    InstanceStatus: summary(statusOf(call, one, health.instance)),
    AttachedEbsStatus: summary(statusOf(call, one, health.ebs)),
    ...(one.outpostArn && { OutpostArn: one.outpostArn }),
    ...(health.events && { Events: health.events.map(showEvent) }),
  };
}

const DETAILS = {
  ok: 'passed',
  impaired: 'failed',
  'insufficient-data': 'insufficient-data',
  initializing: 'initializing',
} as const;

function detail(check: Exclude<Check, 'not-applicable'>, { impairedSince }: Health) {
  return {
    Name: 'reachability' as const,
    Status: DETAILS[check],
    ...(check === 'impaired' && impairedSince && { ImpairedSince: impairedSince }),
  };
}

function showEvent(event: NonNullable<Health['events']>[number], index: number): InstanceStatusEvent {
  return {
    InstanceEventId: `instance-event-${String(index).padStart(17, '0')}`,
    Code: event.code,
    Description: event.description,
    NotBefore: event.notBefore,
    ...(event.notAfter && { NotAfter: event.notAfter }),
  };
}

/** Tells whether burstable instances may spend more CPU than they have earned. */
export const DescribeInstanceCreditSpecifications = ec2Operation<
  DescribeInstanceCreditSpecificationsRequest,
  DescribeInstanceCreditSpecificationsResult
>(['InstanceIds', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const ids = input.InstanceIds;
    const keep = filterBy<Instance>(input.Filters, { 'instance-id': (one) => [one.id] });
    const all = chosen(ec2State.of(call).instances.seen(), ids, KINDS.instance).filter(keep);
    // Without ids, EC2 lists only the instances that are `unlimited`; a named one that is not burstable reads `standard`.
    const found = all.filter((one) => (ids?.length ? true : one.cpuCredits === 'unlimited'));
    const page = pageOf(found, input, { min: 5, max: 1000, ids: ids?.length ? 'InstanceIds' : undefined });
    return {
      InstanceCreditSpecifications: page.items.map((one) => ({
        InstanceId: one.id,
        CpuCredits: one.cpuCredits ?? 'standard',
      })),
      NextToken: page.NextToken,
    };
  },
});
