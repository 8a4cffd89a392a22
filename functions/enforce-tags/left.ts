import type { Json, Tags } from '../../shared/engine/verdict.ts';
import type { FixTags } from './remedy.ts';

/** What undo needs to know of a change that was made: just what was written, taken away and done besides. */
export function leftBy({ set, remove, measure }: FixTags, id: string): Json {
  const list = (tags: Tags): Json => [...tags].map(([Key, Value]) => ({ Key, Value }));
  return {
    id,
    set: list(set),
    removed: list(remove),
    stopped: measure?.penalty === 'stop',
    quarantined: measure?.penalty === 'quarantine',
  };
}
