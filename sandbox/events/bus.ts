import type { Target } from '@aws-sdk/client-eventbridge';
import { drawer } from '../core/drawer.ts';
import { AwsError } from '../core/errors.ts';
import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import type { EventMatcher } from './pattern.ts';

export type StoredTarget = Pick<
  Target,
  'Id' | 'Arn' | 'Input' | 'InputPath' | 'InputTransformer' | 'RetryPolicy' | 'DeadLetterConfig'
> & { readonly Id: string; readonly Arn: string };

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly pattern?: string;
  readonly matches?: EventMatcher;
  readonly schedule?: string;
  readonly description?: string;
  enabled: boolean;
  readonly targets: Map<string, StoredTarget>;
  readonly tags: Map<string, string>;
  /** Takes the next run of a schedule away. */
  cancel(): void;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  readonly rules: Map<string, Rule>;
}

const buses = drawer<Map<string, Bus>>(({ account, region, partition, world }) => {
  const arn = `arn:${partition}:events:${region}:${account}:event-bus/default`;
  const createdAt = new Date(world.clock.now());
  return new Map([['default', { name: 'default', arn, createdAt, tags: new Map(), rules: new Map() }]]);
});

/** The account's buses in that region; `default` is always among them. */
export function busesOf(world: World, where: Where): Map<string, Bus> {
  return buses.of({ ...where, world });
}

/** The bus with this name or ARN; without one, the default bus. */
export function findBus(world: World, where: Where, nameOrArn = 'default'): Bus {
  const name = nameOrArn.split('event-bus/').at(-1) ?? nameOrArn;
  const found = busesOf(world, where).get(name);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
}

/** The rule on that bus, or EventBridge's ResourceNotFoundException. */
export function findRule(world: World, where: Where, name = '', busName?: string): Rule {
  const bus = findBus(world, where, busName);
  const found = bus.rules.get(name);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`);
}
