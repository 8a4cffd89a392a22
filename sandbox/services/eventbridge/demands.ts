import type { Call, Demand } from '../../core/service.ts';

const busName = (nameOrArn = 'default') => nameOrArn.split('event-bus/').at(-1) ?? nameOrArn;

/** The ARN of a rule; rules on the default bus do not name it. */
export function ruleArn({ partition, region, account }: Call, name: string, bus?: string): string {
  const onBus = busName(bus) === 'default' ? '' : `${busName(bus)}/`;
  return `arn:${partition}:events:${region}:${account}:rule/${onBus}${name}`;
}

export function busArn({ partition, region, account }: Call, bus?: string): string {
  return `arn:${partition}:events:${region}:${account}:event-bus/${busName(bus)}`;
}

/** May the caller do this to that rule? */
export function onRule(action: string, call: Call, name = '', bus?: string): readonly Demand[] {
  return [{ action, resources: [ruleArn(call, name, bus)] }];
}

/** May the caller do this to that bus? */
export function onBus(action: string, call: Call, bus?: string): readonly Demand[] {
  return [{ action, resources: [busArn(call, bus)] }];
}
