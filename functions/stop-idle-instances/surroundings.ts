import type { Facts } from './facts.ts';
import type { Instance } from './instance.ts';
import type { Settings } from './settings.ts';

/** What keeps an instance that looks idle from being stopped. */
export type Obstacle =
  /** In use after all: in order. */
  | { readonly kind: 'in-use'; readonly code: string; readonly reason: string }
  /** Idle, but a stop is not safe or saves nothing: a person decides. */
  | { readonly kind: 'tell'; readonly code: string; readonly reason: string }
  | { readonly kind: 'unknown'; readonly code: string; readonly reason: string };

/** Everything around an instance that forbids a stop, most telling first; none: it may be stopped. Pure. */
export function obstacles(instance: Instance, facts: Facts, settings: Settings): readonly Obstacle[] {
  return [...uses(facts, settings), ...dangers(instance, facts, settings)];
}

function uses(facts: Facts, { logins }: Settings): readonly Obstacle[] {
  const asksLogins = logins.sessions || logins.cloudTrail;
  return [
    looked('auto-scaling', 'whether an Auto Scaling group owns it', facts.group, (group) =>
      group === undefined
        ? undefined
        : inUse('auto-scaling', `It is a member of the Auto Scaling group ${group}, which would replace it.`),
    ),
    looked('in-service', 'whether a load balancer uses it', facts.serves, (by) =>
      by === undefined ? undefined : inUse('in-service', `It is in service behind ${by}.`),
    ),
    asksLogins
      ? looked('login', 'whether somebody logged in', facts.login, (login) =>
          login === undefined ? undefined : inUse('login', `Somebody works there: ${login}.`),
        )
      : undefined,
  ].filter((each) => each !== undefined);
}

function dangers(instance: Instance, facts: Facts, settings: Settings): readonly Obstacle[] {
  const disposable = instance.tags.has(settings.disposableTag);
  const spot =
    instance.lifecycle === 'spot'
      ? looked('spot', 'what kind of Spot request it came from', facts.spot, (kind) =>
          kind === 'persistent'
            ? undefined
            : tell('spot-one-time', 'A one-time Spot instance cannot be stopped, only terminated.'),
        )
      : undefined;
  return [
    rootDevice(instance),
    spot,
    lifecycleOf(instance),
    tenancyOf(instance),
    looked('instance-type', 'what its type is', facts.type, ({ accelerated, instanceStorage }) => {
      if (accelerated)
        return tell('accelerator', 'Its GPU or accelerator may be busy, which no metric of EC2 shows.');
      if (!instanceStorage || disposable) return undefined;
      return tell('instance-store-data', 'Its own disks would lose what they hold.');
    }),
    looked('scheduled-event', 'whether AWS has planned something for it', facts.event, (event) =>
      event === undefined
        ? undefined
        : tell('scheduled-event', `AWS has planned something for it: ${event}.`),
    ),
    facts.stopProtected === 'not-asked'
      ? undefined
      : looked('stop-protected', 'whether it is protected from stops', facts.stopProtected, (on) =>
          on
            ? tell('stop-protected', 'Its stop protection (DisableApiStop) is on, and stays on.')
            : undefined,
        ),
  ].filter((each) => each !== undefined);
}

function rootDevice({ rootDevice: device }: Instance): Obstacle | undefined {
  if (device === 'ebs') return undefined;
  if (device === 'instance-store')
    return tell('instance-store-root', 'Its root disk is its own: it cannot be stopped.');
  return { kind: 'unknown', code: 'root-device', reason: 'It cannot be told what its root disk is.' };
}

function lifecycleOf({ lifecycle }: Instance): Obstacle | undefined {
  if (lifecycle === undefined || lifecycle === 'spot') return undefined;
  return tell('lifecycle', `It is paid for as ${lifecycle}: a stop saves nothing.`);
}

function tenancyOf({ tenancy }: Instance): Obstacle | undefined {
  if (tenancy !== 'host') return undefined;
  return tell('dedicated-host', 'Its dedicated host is paid for, whether it runs or not.');
}

function looked<T>(
  code: string,
  what: string,
  found: { readonly value: T } | { readonly unknown: string } | 'not-asked',
  judge: (value: T) => Obstacle | undefined,
): Obstacle | undefined {
  if (found === 'not-asked') return { kind: 'unknown', code, reason: `It was not looked up ${what}.` };
  if ('value' in found) return judge(found.value);
  return { kind: 'unknown', code, reason: `It cannot be told ${what}: ${found.unknown}.` };
}

function inUse(code: string, reason: string): Obstacle {
  return { kind: 'in-use', code, reason };
}

function tell(code: string, reason: string): Obstacle {
  return { kind: 'tell', code, reason };
}
