import type { Aws } from '../../shared/aws/access.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import { inParallel } from '../../shared/engine/parallel.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { brief } from '../../shared/engine/words.ts';
import type { Lookup, PastStop } from './facts.ts';
import type { Instance } from './instance.ts';

const AT_ONCE = 10;
const MEMORY = 30 * 86_400_000;

/** Reeve's own stops of these instances, from the journal; nothing where no journal is kept, as in report mode. */
export async function pastStops(
  instances: readonly Instance[],
  { history, now }: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Lookup<readonly PastStop[]>>> {
  if (history === undefined) return new Map();
  const since = new Date(now().getTime() - MEMORY);
  const read = await inParallel(instances, AT_ONCE, async ({ arn }): Promise<Lookup<readonly PastStop[]>> => {
    try {
      const entries = await history(arn, since);
      const own = entries.filter(
        ({ policy, action, outcome }) =>
          policy === 'stop-idle-instances' && action === 'stop-instances' && mayBeOurs(outcome),
      );
      return { value: own.toSorted((a, b) => b.at.getTime() - a.at.getTime()) };
    } catch (error) {
      return { unknown: `the journal could not be read (${brief(error)})` };
    }
  });
  return new Map(instances.map(({ id }, index) => [id, read[index] ?? { unknown: 'it was not read' }]));
}

/** Also one that EC2 confirmed and that could not be read again: else nobody would start it in the morning. */
function mayBeOurs(outcome: JournalEntry['outcome']): boolean {
  if (outcome === undefined || outcome.result === 'done') return true;
  return outcome.code === 'unverified' && outcome.after !== null;
}
