import type { Assessment } from './assess.ts';
import type { Facts } from './facts.ts';
import { coverage } from './ports.ts';
import type { CloseIngress } from './remedy.ts';
import { type SecurityGroup, sourceText } from './rule.ts';
import type { Treated } from './treat.ts';

/** What the owner should know beside the verdict: what stays, what to do instead, what may bring it back. */
export function adviceFor(
  group: SecurityGroup,
  treated: readonly Treated[],
  { unclear }: Assessment,
  facts: Facts,
  remedy: CloseIngress | undefined,
): readonly string[] {
  return [
    ...(remedy === undefined ? [] : [SESSIONS]),
    ...stillOpen(treated),
    ...remaining(group, treated),
    instead(group),
    ...unclear.map(({ rule, why }) => `Rule ${rule.id ?? 'without id'} was not judged: ${why}.`),
    ...origin(group, treated),
    ...surroundings(facts),
  ];
}

/** Security groups are stateful: tracked connections outlive their rule (B3.47). */
const SESSIONS =
  'Existing SSH sessions continue; to cut them, reboot the instances or deny them in the network ACL.';

function stillOpen(treated: readonly Treated[]): readonly string[] {
  return treated
    .filter(({ treatment }) => treatment === 'alert')
    .map(({ rule, ports, why }) => `Port ${ports.join(', ')} stays open by ${rule.id ?? 'a rule'}: ${why}.`);
}

/** Who may reach the ports after all concerned rules are gone: the neighbours that are kept. */
function remaining(group: SecurityGroup, treated: readonly Treated[]): readonly string[] {
  const concerned = new Set(treated.map(({ rule }) => rule));
  const ports = [...new Set(treated.flatMap((one) => one.ports))].sort((a, b) => a - b);
  return ports.flatMap((port) => {
    const kept = group.rules.filter((rule) => !concerned.has(rule) && coverage(rule, port) === 'yes');
    if (kept.length === 0) return [];
    return [`Port ${port} is still allowed from ${kept.map(({ source }) => sourceText(source)).join(', ')}.`];
  });
}

function instead({ callerAddress }: SecurityGroup): string {
  const own =
    callerAddress === undefined
      ? 'the addresses that need it'
      : `only ${callerAddress}/${callerAddress.includes(':') ? 128 : 32}`;
  return `Instead, allow ${own}, or use SSM Session Manager or an EC2 Instance Connect Endpoint, which need no open port.`;
}

const LAUNCH_WIZARD = /^launch-wizard-\d+$/;

/** Tag keys by which services mark the groups that they manage (B3.44). */
const MANAGERS: readonly (readonly [RegExp, string])[] = [
  [/^aws:elasticmapreduce:/, 'Amazon EMR'],
  [/^(aws:eks:cluster-name|kubernetes\.io\/cluster\/)/, 'Kubernetes (EKS)'],
  [/^elasticbeanstalk:/, 'Elastic Beanstalk'],
  [/^(elbv2\.k8s\.aws\/|aws:elasticloadbalancing:)/, 'a load balancer controller'],
];

function origin({ name = '', tags }: SecurityGroup, treated: readonly Treated[]): readonly string[] {
  const stack = tags.get('aws:cloudformation:stack-name');
  const manager = MANAGERS.find(([key]) => [...tags.keys()].some((tag) => key.test(tag)))?.[1];
  const lists = treated.flatMap(({ rule: { source } }) => (source.kind === 'prefix-list' ? [source.id] : []));
  return [
    ...(stack === undefined
      ? []
      : [
          `CloudFormation stack ${stack} made this group: change its template too, or it drifts and may open again.`,
        ]),
    ...(manager === undefined ? [] : [`${manager} manages this group and may open it again.`]),
    ...(LAUNCH_WIZARD.test(name) ? ['The console’s launch wizard made this group.'] : []),
    ...(name === 'default' ? ['This is the default group of its VPC: whatever names no group gets it.'] : []),
    ...lists.map((id) => `Take the world out of prefix list ${id}, then its rule may come back.`),
  ];
}

function surroundings({ shield, otherVpcs }: Facts): readonly string[] {
  return [
    ...(shield === undefined
      ? []
      : [`Nobody can use it right now (${shield}), but that is one change away.`]),
    ...(otherVpcs.length === 0 ? [] : [`The group is also used in ${otherVpcs.join(', ')}.`]),
  ];
}
