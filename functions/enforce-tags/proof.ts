import type { Aws } from '../../shared/aws/access.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import { inParallel } from '../../shared/engine/parallel.ts';
import type { Acted, Doing, Surroundings } from '../../shared/engine/policy.ts';
import { brief } from '../../shared/engine/words.ts';
import type { FixTags } from './remedy.ts';
import type { Tagged } from './resource.ts';

const AT_ONCE = 10;
/** Longer than any deadline. */
const MEMORY_MS = 400 * 86_400_000;

type One = Doing<Tagged, FixTags>;

/**
 * What may be carried out: a stop or quarantine only by a deadline that the journal holds. Whoever may tag could write an old one, and
 * "launch more like this" copies it to an instance that never had its time (B2.40).
 */
export async function proven(
  changes: readonly One[],
  around: Surroundings<Aws>,
  ended: Map<string, Acted>,
): Promise<readonly One[]> {
  const doubts = await inParallel(changes, AT_ONCE, (one) => whyDoubtful(one, around));
  return changes.filter(({ resource: { id } }, index) => {
    const reason = doubts[index];
    if (reason !== undefined) ended.set(id, { result: 'left', code: 'changed', reason });
    return reason === undefined;
  });
}

async function whyDoubtful(
  { change, resource: { id, arn, tags } }: One,
  { history, now }: Surroundings<Aws>,
): Promise<string | undefined> {
  if (change.action === 'tag-resource') return undefined;
  if (history === undefined) return `No journal is kept, so that nobody knows who gave ${id} its deadline.`;
  try {
    const entries = await history(arn, new Date(now().getTime() - MEMORY_MS));
    const undone = new Set(entries.map(({ undoes }) => undoes));
    const own = entries.filter(({ policy, id: entry }) => policy === 'enforce-tags' && !undone.has(entry));
    if (own.some((entry) => setDeadline(entry, tags))) return undefined;
    return `The journal knows nothing of the deadline on ${id}: take its mark off, and it gets one of its own.`;
  } catch (error) {
    return `Who gave ${id} its deadline could not be read from the journal: ${brief(error)}.`;
  }
}

/** The mark that the resource has now is one of the tags that this change wrote. */
function setDeadline({ parameters }: Pick<JournalEntry, 'parameters'>, tags: Tagged['tags']): boolean {
  return Object.entries(parameters.set ?? {}).some(
    ([key, value]) => /^(stop|quarantine)@/.test(String(value)) && tags.get(key) === value,
  );
}
