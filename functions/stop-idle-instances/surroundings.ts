import { inUse, looked, type Obstacle, obstacles, tell } from '../../shared/aws/ec2/stopping/obstacles.ts';
import type { Facts } from './facts.ts';
import type { Instance } from './instance.ts';
import { tellsOfAllGpus } from './readings.ts';
import type { Settings } from './settings.ts';

/** Everything around an idle instance that forbids a stop, or makes it worth nothing; none: it may be stopped. Pure. */
export function idleObstacles(instance: Instance, facts: Facts, settings: Settings): readonly Obstacle[] {
  return [
    ...[
      login(facts, settings),
      lifecycleOf(instance),
      tenancyOf(instance),
      accelerator(facts),
      dnsRecord(instance, facts, settings),
    ].filter((each) => each !== undefined),
    ...obstacles(instance, facts, instance.tags.has(settings.disposableTag)),
  ];
}

function login(facts: Facts, { logins }: Settings): Obstacle | undefined {
  if (!logins.sessions && !logins.cloudTrail) return undefined;
  return looked('login', 'whether somebody logged in', facts.login, (sign) =>
    sign === undefined ? undefined : inUse('login', `Somebody works there: ${sign}.`),
  );
}

/** Without an elastic address a stop gives the public one away, perhaps to a stranger (B1.55). */
function dnsRecord(
  { publicIp, elasticIp }: Instance,
  { named }: Facts,
  { dnsRecords }: Settings,
): Obstacle | undefined {
  if (!dnsRecords || publicIp === undefined || elasticIp) return undefined;
  return looked('dns-record', 'whether a DNS record leads to it', named, (name) =>
    name === undefined
      ? undefined
      : tell('dns-record', `${name} leads to its address ${publicIp}, which a stop would give away.`),
  );
}

function lifecycleOf({ lifecycle }: Instance): Obstacle | undefined {
  if (lifecycle === undefined || lifecycle === 'spot') return undefined;
  return tell('lifecycle', `It is paid for as ${lifecycle}: a stop saves nothing.`);
}

function tenancyOf({ tenancy }: Instance): Obstacle | undefined {
  if (tenancy !== 'host') return undefined;
  return tell('dedicated-host', 'Its dedicated host is paid for, whether it runs or not.');
}

/** EC2 itself measures no GPU; where the CloudWatch agent tells of all of them, they are signs like any other. */
function accelerator({ type, activity }: Facts): Obstacle | undefined {
  if (type === 'not-asked' || 'unknown' in type || !type.value.accelerated) return undefined;
  if (activity !== 'not-asked' && tellsOfAllGpus(activity, type.value)) return undefined;
  return tell('accelerator', 'Its GPU or accelerator may be busy, which no metric shows.');
}
