import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import type { ResourceRef } from '../../shared/engine/signal.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import type { Facts, Tagged } from './resource.ts';
import type { Settings } from './settings.ts';
import { TYPES } from './types/table.ts';

/**
 * The tags of what resources belong to, and of the instance whose program made them: read once each, and only where a
 * tag is missing that may come from there.
 */
export async function gather(
  resources: readonly Tagged[],
  settings: Settings,
  { aws }: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Facts>> {
  const wanting = new Set(resources.filter((one) => lacks(one, 'parent', settings)));
  const made = resources.filter((one) => lacks(one, 'creator', settings));
  const refs = [
    ...[...wanting].flatMap(({ parents }) => parents),
    ...made.flatMap((one) => creatorInstance(one) ?? []),
  ];
  const read = await readAll(aws, refs, resources);
  return new Map(
    resources.map((one) => {
      const parents = wanting.has(one) ? one.parents : [];
      const instance = creatorInstance(one);
      return [
        one.id,
        {
          parents: parents.flatMap(({ id }) => {
            const tags = read.tags.get(id);
            return tags === undefined ? [] : [{ id, tags }];
          }),
          parentsUnread: parents.map(({ type }) => read.refused.get(type)).find((why) => why !== undefined),
          creatorInstance: instance && read.tags.get(instance.id),
        },
      ];
    }),
  );
}

function lacks(one: Tagged, source: 'parent' | 'creator', { tags }: Settings): boolean {
  return tags.some((rule) => rule.from.includes(source) && rule.required && !one.tags.has(rule.key));
}

/** A program on an instance calls under a session that is named after it (B2.24). */
function creatorInstance({ creator }: Tagged): ResourceRef | undefined {
  const id = creator?.type === 'AssumedRole' ? creator.name : '';
  return /^i-[0-9a-f]{8,17}$/.test(id) ? { type: 'AWS::EC2::Instance', id } : undefined;
}

interface Read {
  readonly tags: ReadonlyMap<string, Tags>;
  /** By type: why these could not be read. */
  readonly refused: ReadonlyMap<string, string>;
}

async function readAll(aws: Aws, refs: readonly ResourceRef[], known: readonly Tagged[]): Promise<Read> {
  const tags = new Map<string, Tags>(known.map((one) => [one.id, one.tags]));
  const refused = new Map<string, string>();
  const unknown = refs.filter(({ id }) => !tags.has(id));
  for (const [type, ofType] of Map.groupBy(unknown, (ref) => ref.type)) {
    try {
      const ids = [...new Set(ofType.map(({ id }) => id))];
      for (const one of (await TYPES.get(type)?.read(aws, ids)) ?? []) tags.set(one.id, one.tags);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      refused.set(type, error.message);
    }
  }
  return { tags, refused };
}
