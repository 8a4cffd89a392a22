import { createHash } from 'node:crypto';
import type { Configuration, PartName } from '../../shared/aws/s3/configuration.ts';
import type { Json } from '../../shared/engine/verdict.ts';

/** What somebody changes when he takes a bucket into use again; not the lifecycle, which is ours to change later. */
export const BOUND: readonly PartName[] = [
  'acl',
  'notification',
  'objectLock',
  'policy',
  'replication',
  'versioning',
  'website',
];

/** Sixteen hexadecimal digits for the settings that a mark is bound to: other settings, another digest (B4.24). */
export function digestOf(configuration: Configuration | undefined): string {
  const parts = BOUND.map((name): Json => {
    const part = configuration?.get(name);
    return [name, part?.state === 'set' ? sorted(part.value) : (part?.state ?? 'absent')];
  });
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(sorted);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** Array.isArray does not see a readonly list as one. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
