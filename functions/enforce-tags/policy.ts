import type { Aws } from '../../shared/aws/access.ts';
import { stopInstances } from '../../shared/aws/ec2/power.ts';
import { setInterfaceGroups } from '../../shared/aws/ec2/quarantine.ts';
import { effectiveTagPolicy } from '../../shared/aws/organizations.ts';
import type { Acted, Doing, Policy, Surroundings } from '../../shared/engine/policy.ts';
import { actAll, actRights } from './act.ts';
import { find, findRights } from './find.ts';
import { gather, overdueRights } from './gather.ts';
import { judge } from './judge.ts';
import type { Penalty } from './mark.ts';
import { proven } from './proof.ts';
import type { FixTags } from './remedy.ts';
import type { Facts, Tagged } from './resource.ts';
import type { Settings } from './settings.ts';
import { shows } from './shows.ts';
import { undo } from './undo.ts';

/** Required tags are there and as they should be: what is known is filled, the rest is told. */
export const policy: Policy<Aws, Settings, Tagged, Facts, FixTags> = {
  name: 'enforce-tags',
  title: 'Resources are tagged as agreed',
  kind: 'tagging',
  // Once, and twice more after something took it off again (B2.18).
  mostADay: 3,
  batch: 50,
  find,
  gather,
  judge,
  act: async (change, resource, around): Promise<Acted> => {
    const ended = (await actOnProven([{ change, resource }], around)).get(resource.id);
    return (
      ended ?? { result: 'failed', code: 'untold', reason: 'It was not told how it ended.', uncertain: true }
    );
  },
  actAll: actOnProven,
  shows,
  undo: (before, after, { aws }) => undo(before, after, aws),
};

async function actOnProven(
  changes: readonly Doing<Tagged, FixTags>[],
  around: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Acted>> {
  const doubtful = new Map<string, Acted>();
  const sure = await proven(changes, around, doubtful);
  return new Map([...doubtful, ...(await actAll(sure, around))]);
}

/** The IAM actions that this policy's own calls need, for its role. */
export const rights: readonly string[] = [...new Set([...findRights, ...actRights])].sort();

/** What it needs besides, by what follows when a deadline is over. */
export const penaltyRights: Readonly<Record<Penalty, readonly string[]>> = {
  stop: besides([...stopInstances.rights, ...overdueRights.stop]),
  quarantine: besides([...setInterfaceGroups.rights, ...overdueRights.quarantine]),
};

/** What it needs besides where it reads the tag policy of the organization. */
export const organizationRights: readonly string[] = effectiveTagPolicy.rights;

function besides(needed: readonly string[]): readonly string[] {
  return [...new Set(needed)].filter((right) => !rights.includes(right)).sort();
}
