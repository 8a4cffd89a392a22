import type { Principal } from '../../core/principal.ts';
import type { Place } from '../ec2/state.ts';
import { iamOf, principalOfSession, seedRole } from '../iam/store.ts';

const NAME = 'AWSServiceRoleForAutoScaling';

/** What AWS's AutoScalingServiceRolePolicy lets Auto Scaling do, as far as the sandbox goes. */
const ALLOWED = [
  ...['ec2:CreateTags', 'ec2:Describe*', 'ec2:RunInstances', 'ec2:StartInstances', 'ec2:StopInstances'],
  ...['ec2:TerminateInstances', 'elasticloadbalancing:Register*', 'elasticloadbalancing:Deregister*'],
  ...['elasticloadbalancing:Describe*', 'iam:PassRole'],
];

/** Calls EC2 and the load balancers as Auto Scaling does: through its service-linked role, made at first use. */
export function asAutoScaling(
  place: Place,
  service: string,
  operation: string,
  input: object,
): Promise<unknown> {
  const { world, account, region, partition } = place;
  return world.invoke(principal(place), { account, region, partition }, service, operation, input);
}

function principal({ world, account }: Place): Principal {
  const role =
    iamOf(world, account).roles.get(NAME) ??
    seedRole(world, account, {
      name: NAME,
      path: '/aws-service-role/autoscaling.amazonaws.com/',
      trust: statement({ Principal: { Service: 'autoscaling.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      policies: { AutoScalingServiceRolePolicy: statement({ Action: ALLOWED, Resource: '*' }) },
    });
  return { ...principalOfSession(account, role, 'AutoScaling'), accessKeyId: '' };
}

const statement = (more: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });
