import { plain, safe } from '../notify/escape.ts';
import type { Result } from './outcome.ts';
import type { Place } from './signal.ts';
import type { Resource } from './verdict.ts';

/** The short form of an error for reports; its full text belongs to the log (B6.34, B6.36). */
export function brief(error: unknown): string {
  if (!(error instanceof Error)) return safe(String(error), 200);
  return safe(error.name === 'Error' ? error.message : `${error.name}: ${error.message}`, 200);
}

/** `sg-1 (bastion)`. */
export function called(resource: Pick<Resource, 'id' | 'name'>): string {
  const id = plain(resource.id, 200);
  return resource.name === undefined || resource.name === resource.id
    ? id
    : `${id} (${safe(resource.name, 100)})`;
}

/** `111122223333, eu-west-1`. */
export function where(place: Place): string {
  return `${place.account}, ${place.region}`;
}

/** What a report keeps of a resource. */
export function shown(resource: Resource): Result['resource'] {
  const { type, id, arn, name, tags } = resource;
  return { type, id, arn, name, tags };
}

/** `1 resource`, `2 resources`. */
export function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
