import type { Aws } from '../../shared/aws/access.ts';
import { instanceTypes } from '../../shared/aws/ec2/instance-details.ts';
import { quarantineGroups } from '../../shared/aws/ec2/quarantine.ts';
import { type Lookup, NO_STOP_FACTS } from '../../shared/aws/ec2/stopping/facts.ts';
import type { Stoppable } from '../../shared/aws/ec2/stopping/instance.ts';
import { orWhy } from '../../shared/aws/ec2/stopping/or-why.ts';
import {
  surroundingsOf,
  surroundingsRights,
  usesOf,
  usesRights,
} from '../../shared/aws/ec2/stopping/surroundings.ts';
import { typesOf } from '../../shared/aws/ec2/stopping/types-of.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { keyOf, type ResourceRef } from '../../shared/engine/signal.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import { organizationRules, withOrganization } from './organization.ts';
import { overdue } from './overdue.ts';
import type { Facts, Tagged } from './resource.ts';
import type { Settings } from './settings.ts';
import { TYPES } from './types/table.ts';

/** Rights of what is asked about an instance that is overdue, by what is to be done to it; only some settings ask. */
export const overdueRights = {
  stop: [...surroundingsRights, ...instanceTypes.rights],
  quarantine: [...usesRights, ...quarantineGroups.rights],
} as const;

/**
 * The tags of what resources belong to, and of the instance whose program made them: read once each, and only where a
 * tag is missing that may come from there. And of instances whose deadline is over, whom a stop would hurt.
 */
export async function gather(
  resources: readonly Tagged[],
  asked: Settings,
  surroundings: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Facts>> {
  const { aws, now } = surroundings;
  const organization = await organizationRules(asked, surroundings);
  const settings = withOrganization(asked, organization);
  const wanting = new Set(resources.filter((one) => lacks(one, 'parent', settings)));
  const made = resources.filter((one) => lacks(one, 'creator', settings));
  const refs = [
    ...[...wanting].flatMap(({ parents }) => parents),
    ...made.flatMap((one) => creatorInstance(one) ?? []),
  ];
  const read = await readAll(aws, refs, resources);
  const about = await aboutOverdue(overdue(resources, settings, now()), settings, aws);
  return new Map(
    resources.map((one) => {
      const parents = wanting.has(one) ? one.parents : [];
      const instance = creatorInstance(one);
      return [
        one.id,
        {
          parents: parents.flatMap(({ type, id }) => {
            const tags = read.tags.get(keyOf({ type, id }));
            return tags === undefined ? [] : [{ id, tags }];
          }),
          parentsUnread: parents.map(({ type }) => read.refused.get(type)).find((why) => why !== undefined),
          creatorInstance: instance && read.tags.get(keyOf(instance)),
          organization,
          ...(about.get(one.id) ?? { around: NO_STOP_FACTS, quarantine: 'not-asked' }),
        },
      ];
    }),
  );
}

type Overdue = Pick<Facts, 'around' | 'quarantine'>;

async function aboutOverdue(
  machines: readonly Stoppable[],
  { onDeadline }: Settings,
  aws: Aws,
): Promise<ReadonlyMap<string, Overdue>> {
  if (machines.length === 0) return new Map();
  return onDeadline === 'quarantine' ? aboutQuarantine(machines, aws) : aboutStop(machines, aws);
}

async function aboutStop(machines: readonly Stoppable[], aws: Aws): Promise<ReadonlyMap<string, Overdue>> {
  const [found, typeOf] = await Promise.all([surroundingsOf(aws, machines), typesOf(aws, machines)]);
  return new Map(
    machines.map((one) => {
      const around = { ...NO_STOP_FACTS, ...found.get(one.id), type: typeOf(one) };
      return [one.id, { around, quarantine: 'not-asked' }];
    }),
  );
}

async function aboutQuarantine(
  machines: readonly Stoppable[],
  aws: Aws,
): Promise<ReadonlyMap<string, Overdue>> {
  const vpcs = [...new Set(machines.flatMap(({ vpcId }) => vpcId ?? []))];
  const [found, groups] = await Promise.all([usesOf(aws, machines), orWhy(quarantineGroups(aws, vpcs))]);
  const groupOf = ({ vpcId = '' }: Stoppable): Lookup<string> =>
    'unknown' in groups ? groups : (groups.value.get(vpcId) ?? { unknown: 'it is in no VPC' });
  return new Map(
    machines.map((one) => {
      const around = { ...NO_STOP_FACTS, ...found.get(one.id) };
      return [one.id, { around, quarantine: groupOf(one) }];
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
  /** By `keyOf`. */
  readonly tags: ReadonlyMap<string, Tags>;
  /** By type: why these could not be read. */
  readonly refused: ReadonlyMap<string, string>;
}

async function readAll(aws: Aws, refs: readonly ResourceRef[], known: readonly Tagged[]): Promise<Read> {
  const tags = new Map<string, Tags>(known.map((one) => [keyOf(one), one.tags]));
  const refused = new Map<string, string>();
  const unknown = refs.filter((ref) => !tags.has(keyOf(ref)));
  for (const [type, ofType] of Map.groupBy(unknown, (ref) => ref.type)) {
    try {
      const ids = [...new Set(ofType.map(({ id }) => id))];
      for (const one of (await TYPES.get(type)?.read(aws, ids)) ?? []) tags.set(keyOf(one), one.tags);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      refused.set(type, error.message);
    }
  }
  return { tags, refused };
}
