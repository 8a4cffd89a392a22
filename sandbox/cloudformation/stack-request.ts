import type { World } from '../core/world.ts';
import type { Plan, StackRecord } from './stack.ts';

interface Place {
  readonly world: World;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** A stack that is about to be made: it has its id already, and nothing else. */
export function newStack(
  { world, partition, account, region }: Place,
  name: string,
  plan: Plan,
  tags: StackRecord['tags'] = [],
): StackRecord {
  const id = `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/${world.random.uuid()}`;
  return {
    ...{ partition, account, region, name, id, tags, plan },
    status: 'CREATE_IN_PROGRESS',
    createdAt: new Date(world.clock.now()),
    resources: new Map(),
    outputs: {},
    events: [],
  };
}
