import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { MalformedEvent } from '../../../shared/events/malformed.ts';
import { NothingRead } from '../../../shared/lambda/answer.ts';
import { type Door, door, type Knock } from '../door.ts';
import { mutated, mutations } from '../mutation.ts';
import { sampleEvents } from '../samples.ts';
import { type PolicyName, Workshop } from '../workshop.ts';

/** Calls that change nothing but what AWS itself keeps of them, or Reeve's own notes. */
const HARMLESS = /^(Describe|Get|List|Lookup|Head|Query|PutItem|UpdateItem|Publish|SendMessage)/;

/** Calls that one thing an event names may cost, with its retries and waits; a sweep counts as one thing. */
const CALLS_EACH = 60;

/** One function with everything behind it, against an account in which it may act. */
export function functionDoor(policy: PolicyName): Door {
  let workshop: Workshop | undefined;
  const samples = sampleEvents();
  const inputs = fc.record({ sample: fc.constantFrom(...samples.keys()), mutations });
  return door(`function ${policy}`, inputs, async ({ sample, mutations: changes }) => {
    workshop ??= await Workshop.open();
    const event = mutated(JSON.parse(workshop.about(JSON.stringify(samples.get(sample)))), changes);
    const knocked = await knock(workshop, policy, event);
    // What was rightly remedied has to be out of policy again for the next.
    if (knocked.remedied) workshop = undefined;
    return knocked;
  });
}

/** Hands an event to a function: a refused one may change nothing, a good one only what is out of policy. */
export async function knock(
  workshop: Workshop,
  policy: PolicyName,
  event: unknown,
): Promise<Knock & { readonly remedied: boolean }> {
  const before = await workshop.state();
  workshop.sandbox.world.forgetCalls();
  const { lines, refused, things } = await told(workshop, policy, event);
  const { calls } = workshop;
  const changes = calls.filter((call) => !HARMLESS.test(call));
  const changed = changes.length === 0 ? [] : differences(before, await workshop.state());
  const allowed = (id: string) => !refused && workshop.outOfPolicy.has(id);
  return {
    lines,
    acted: changed.filter((id) => !allowed(id)),
    remedied: changed.length > 0,
    work: calls.length,
    mostWork: CALLS_EACH * (1 + things),
  };
}

async function told(workshop: Workshop, policy: PolicyName, event: unknown) {
  try {
    const { ignored, runs } = await workshop.invoke(policy, event);
    return { lines: ignored, refused: runs.length === 0, things: runs.length };
  } catch (error) {
    if (!(error instanceof MalformedEvent) && !(error instanceof NothingRead)) throw error;
    // A broken message does not keep the others of its batch from being handled.
    const refused = error instanceof MalformedEvent && !isBatch(event);
    return { lines: [error.message], refused, things: 4 };
  }
}

function isBatch(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'Records' in event;
}

function differences(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => !isDeepStrictEqual(before.get(id), after.get(id)));
}
