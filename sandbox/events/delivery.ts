import { drawer } from '../core/drawer.ts';
import type { Principal } from '../core/principal.ts';
import type { World } from '../core/world.ts';
import { whereOf } from './arn.ts';
import { errorCode, isRetriable, type MessageAttribute, sendMessage, sendTo } from './send.ts';

/** One payload on its way from a rule or schedule to one target. */
export interface Delivery {
  /** ARN of the rule or schedule. */
  readonly source: string;
  readonly target: string;
  readonly payload: string;
  /** Acts for the rule or schedule at that moment; asked anew at each attempt. */
  readonly principal: () => Principal;
  readonly maximumAgeSeconds: number;
  readonly maximumRetries: number;
  readonly deadLetterArn?: string;
  /** What the dead-lettered message carries beside the error. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** How a delivery ended: `failed` means that nobody will ever see it. */
export interface DeliveryRecord {
  readonly at: number;
  readonly source: string;
  readonly target: string;
  readonly status: 'delivered' | 'dead-lettered' | 'failed';
  readonly attempts: number;
  readonly error?: string;
}

const records = drawer<DeliveryRecord[]>(() => []);
const FIRST_WAIT_MS = 1000;
/** With it, 185 attempts fill about 24 hours, which is what EventBridge promises by default. */
const LONGEST_WAIT_MS = 480_000;

/** Every delivery that has ended so far, in this world. */
export function deliveriesOf(world: World): readonly DeliveryRecord[] {
  return records.all(world).flatMap(({ state }) => state);
}

/** Delivers as soon as possible; failures are tried again, ever more slowly, within the bounds of the delivery. */
export function deliver(world: World, delivery: Delivery): void {
  const since = world.clock.now();
  world.clock.at(since, () => attempt(world, delivery, since, 1));
}

async function attempt(world: World, delivery: Delivery, since: number, count: number): Promise<void> {
  try {
    await sendTo(world, delivery.principal(), delivery.target, delivery.payload);
    note(world, delivery, 'delivered', count);
  } catch (error) {
    const wait = waitBefore(world, count);
    const spent = world.clock.now() + wait - since > delivery.maximumAgeSeconds * 1000;
    const exhausted = count > delivery.maximumRetries;
    if (isRetriable(error) && !spent && !exhausted) {
      world.clock.at(world.clock.now() + wait, () => attempt(world, delivery, since, count + 1));
      return;
    }
    const condition = exhausted ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds';
    await giveUp(world, delivery, count, error, isRetriable(error) ? condition : undefined);
  }
}

async function giveUp(
  world: World,
  delivery: Delivery,
  count: number,
  error: unknown,
  exhausted?: string,
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const { deadLetterArn, principal, payload, attributes } = delivery;
  if (!deadLetterArn) return note(world, delivery, 'failed', count, message);
  const all = {
    ...attributes,
    TARGET_ARN: delivery.target,
    ERROR_CODE: errorCode(error),
    ERROR_MESSAGE: message,
    ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    RETRY_ATTEMPTS: String(count - 1),
  };
  try {
    await sendMessage(world, principal(), deadLetterArn, payload, stringAttributes(all));
    note(world, delivery, 'dead-lettered', count, message);
  } catch (refused) {
    const why = refused instanceof Error ? refused.message : String(refused);
    note(world, delivery, 'failed', count, `${message}; dead-letter queue: ${why}`);
  }
}

function waitBefore(world: World, count: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (count - 1), LONGEST_WAIT_MS);
  return wait / 2 + world.random.int(wait / 2 + 1);
}

function note(
  world: World,
  { source, target }: Delivery,
  status: DeliveryRecord['status'],
  attempts: number,
  error?: string,
): void {
  const at = world.clock.now();
  records
    .of({ ...whereOf(source), world })
    .push({ at, source, target, status, attempts, ...(error && { error }) });
}

function stringAttributes(values: Readonly<Record<string, string>>): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}
