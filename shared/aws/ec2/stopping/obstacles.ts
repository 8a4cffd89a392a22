import type { StopFacts } from './facts.ts';
import type { Stoppable } from './instance.ts';

/** What keeps an instance from being stopped. */
export type Obstacle =
  /** In use. */
  | { readonly kind: 'in-use'; readonly code: string; readonly reason: string }
  /** A stop is not possible, not safe, or saves nothing: a person decides. */
  | { readonly kind: 'tell'; readonly code: string; readonly reason: string }
  | { readonly kind: 'unknown'; readonly code: string; readonly reason: string };

/** Who relies on an instance, so that it may neither be stopped nor cut off; none: nobody. Pure. */
export function uses({ group, serves }: Pick<StopFacts, 'group' | 'serves'>): readonly Obstacle[] {
  return [
    looked('auto-scaling', 'whether an Auto Scaling group owns it', group, (name) =>
      name === undefined
        ? undefined
        : inUse('auto-scaling', `It is a member of the Auto Scaling group ${name}, which would replace it.`),
    ),
    looked('in-service', 'whether a load balancer uses it', serves, (by) =>
      by === undefined ? undefined : inUse('in-service', `It is in service behind ${by}.`),
    ),
  ].filter((each) => each !== undefined);
}

/**
 * What around an instance forbids to stop it, whatever the reason to, most telling first; none: it may be stopped.
 * `disposable`: its owner says that its own disks hold nothing worth keeping. Pure.
 */
export function obstacles(instance: Stoppable, facts: StopFacts, disposable: boolean): readonly Obstacle[] {
  return [
    ...uses(facts),
    rootDevice(instance),
    spotRequest(instance, facts),
    looked('instance-type', 'what its type is', facts.type, ({ instanceStorage }) =>
      instanceStorage && !disposable
        ? tell('instance-store-data', 'Its own disks would lose what they hold.')
        : undefined,
    ),
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

function rootDevice({ rootDevice: device }: Stoppable): Obstacle | undefined {
  if (device === 'ebs') return undefined;
  if (device === 'instance-store')
    return tell('instance-store-root', 'Its root disk is its own: it cannot be stopped.');
  return { kind: 'unknown', code: 'root-device', reason: 'It cannot be told what its root disk is.' };
}

function spotRequest({ lifecycle }: Stoppable, { spot }: StopFacts): Obstacle | undefined {
  if (lifecycle !== 'spot') return undefined;
  return looked('spot', 'what kind of Spot request it came from', spot, (kind) =>
    kind === 'persistent'
      ? undefined
      : tell('spot-one-time', 'A one-time Spot instance cannot be stopped, only terminated.'),
  );
}

/** What a fact says against a stop; one that was not looked up, or could not be, is in the way itself. */
export function looked<T>(
  code: string,
  what: string,
  found: { readonly value: T } | { readonly unknown: string } | 'not-asked',
  judge: (value: T) => Obstacle | undefined,
): Obstacle | undefined {
  if (found === 'not-asked') return { kind: 'unknown', code, reason: `It was not looked up ${what}.` };
  if ('value' in found) return judge(found.value);
  return { kind: 'unknown', code, reason: `It cannot be told ${what}: ${found.unknown}.` };
}

export function inUse(code: string, reason: string): Obstacle {
  return { kind: 'in-use', code, reason };
}

export function tell(code: string, reason: string): Obstacle {
  return { kind: 'tell', code, reason };
}
