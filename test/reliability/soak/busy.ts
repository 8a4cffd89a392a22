import type { Sabotage } from '../stage/functions.ts';
import { type Draw, soakOf } from './draws.ts';
import { Epoch } from './epoch.ts';

/** Lives through one epoch after the other until a defect was seen: what brings it to light is drawn. */
export async function lookFor(found: RegExp, draw: Partial<Draw>, sabotage: Sabotage): Promise<string> {
  let seen = '';
  for (let seed = 2; seed < 16 && !found.test(seen); seed++) seen = await liveBusily(seed, draw, sabotage);
  return seen;
}

/** What was not as it has to be in some hours in which much is done and no call goes wrong. */
export async function liveBusily(seed: number, draw: Partial<Draw>, sabotage?: Sabotage): Promise<string> {
  const [first] = soakOf(9, seed);
  if (first === undefined) throw new Error('a soak has at least one epoch');
  const busy = { ...first, calm: 3, faults: 0, deeds: 12, onReeve: 0, ...draw };
  const { violations } = await Epoch.live(busy, sabotage);
  return violations.map(({ invariant, detail }) => `${invariant} ${detail}`).join('\n');
}
