import type { Where } from '../core/service.ts';
import type { BusEvent, World } from '../core/world.ts';
import { servicePrincipal } from '../iam/service-principal.ts';
import { type Bus, findBus, type Rule, type StoredTarget } from './bus.ts';
import { deliver } from './delivery.ts';
import { targetInput } from './input.ts';

const DEFAULT_AGE_S = 86_400;
const DEFAULT_RETRIES = 185;

/** Puts EventBridge to work: what happens in an account reaches the targets of the rules on its default bus. */
export function deliverEvents(world: World): void {
  world.onEvent((event) => {
    const { account, region } = event;
    const partition = world.accounts.get(account)?.partition ?? 'aws';
    const where = { partition, account, region };
    const late = event['detail-type'] === 'AWS API Call via CloudTrail' ? world.behaviour.eventDelayMs : 0;
    const arrive = () => route(world, findBus(world, where), event);
    if (late > 0) world.clock.at(world.clock.now() + late, arrive);
    else arrive();
  });
}

/** Gives an event that arrived on a bus to every enabled rule that matches it. */
export function route(world: World, bus: Bus, event: BusEvent): void {
  for (const rule of bus.rules.values()) {
    if (rule.enabled && rule.matches?.(event)) fire(world, rule, event);
  }
}

/** Sends an event to all targets of a rule: at least once each. */
export function fire(world: World, rule: Rule, event: BusEvent): void {
  const copies = world.behaviour.duplicateEvents ? 2 : 1;
  for (const target of rule.targets.values()) {
    for (let copy = 0; copy < copies; copy++) toTarget(world, rule, target, event);
  }
}

function toTarget(world: World, rule: Rule, target: StoredTarget, event: BusEvent): void {
  const { RetryPolicy, DeadLetterConfig } = target;
  const account = rule.arn.split(':')[4] ?? '';
  const principal = servicePrincipal('events', account, rule.arn);
  deliver(world, {
    source: rule.arn,
    target: target.Arn,
    payload: targetInput(target, event, rule, world.clock.now()),
    principal: () => principal,
    maximumAgeSeconds: RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_S,
    maximumRetries: RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRIES,
    ...(DeadLetterConfig?.Arn && { deadLetterArn: DeadLetterConfig.Arn }),
    attributes: { RULE_ARN: rule.arn },
  });
}

/** The event that a scheduled rule sends (`detail` is empty). */
export function scheduledEvent(world: World, where: Where, rule: Pick<Rule, 'arn'>): BusEvent {
  return {
    version: '0',
    id: world.random.uuid(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: where.account,
    time: new Date(world.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: where.region,
    resources: [rule.arn],
    detail: {},
  };
}
