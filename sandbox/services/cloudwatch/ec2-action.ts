import type { World } from '../../core/world.ts';
import { iamOf, principalOfSession, seedRole } from '../iam/store.ts';
import type { MetricAlarm } from './alarm.ts';

const OPERATIONS = {
  stop: 'StopInstances',
  terminate: 'TerminateInstances',
  reboot: 'RebootInstances',
} as const;
export type Ec2Action = keyof typeof OPERATIONS;

/** `stop` of `arn:aws:automate:eu-west-1:ec2:stop`; undefined for actions of other kinds. */
export function ec2ActionOf(arn: string): Ec2Action | undefined {
  const verb = /^arn:[^:]+:automate:[^:]+:ec2:(stop|terminate|reboot)$/.exec(arn)?.[1];
  return verb === 'stop' || verb === 'terminate' || verb === 'reboot' ? verb : undefined;
}

const ROLE = 'AWSServiceRoleForCloudWatchEvents';
const statement = (more: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });

/** Stops, terminates or reboots the alarm's instance through the service-linked role, made at first use. */
export async function actOnInstance(world: World, alarm: MetricAlarm, action: Ec2Action): Promise<void> {
  const { account, region, partition } = alarm;
  const role =
    iamOf(world, account).roles.get(ROLE) ??
    seedRole(world, account, {
      name: ROLE,
      path: '/aws-service-role/events.amazonaws.com/',
      trust: statement({ Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      policies: {
        CloudWatchEventsServiceRolePolicy: statement({
          Action: Object.values(OPERATIONS).map((operation) => `ec2:${operation}`),
          Resource: '*',
        }),
      },
    });
  const caller = { ...principalOfSession(account, role, 'CloudWatchEvents'), accessKeyId: '' };
  const input = { InstanceIds: [alarm.metric.dimensions.InstanceId ?? ''] };
  await world.invoke(caller, { account, region, partition }, 'ec2', OPERATIONS[action], input);
}
