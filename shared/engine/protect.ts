import { matchesGlob } from './glob.ts';
import type { GuardSettings } from './ports.ts';
import type { Resource } from './verdict.ts';

/** Why the settings protect this resource, or undefined. Wins over everything else (B6.9). */
export function protectedBy(resource: Resource, protect: GuardSettings['protect']): string | undefined {
  const id = protect.ids.find((listed) => listed === resource.id || listed === resource.arn);
  if (id !== undefined) return `${id} is on the list of protected resources.`;

  const names = [resource.name, resource.tags.get('Name')].filter((name) => name !== undefined);
  const pattern = protect.names.find((glob) => names.some((name) => matchesGlob(glob, name)));
  if (pattern !== undefined) return `Its name matches the protected pattern ${pattern}.`;

  // Compared whole rather than split: keys and values may both hold a `=`.
  const tag = protect.tags.find((wanted) =>
    [...resource.tags].some(([key, value]) => wanted === key || wanted === `${key}=${value}`),
  );
  return tag === undefined ? undefined : `It carries the protecting tag ${tag}.`;
}
