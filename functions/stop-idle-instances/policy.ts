import type { Aws } from '../../shared/aws/access.ts';
import type { Acted, Policy } from '../../shared/engine/policy.ts';
import { actAll, actRights, MOST_A_CALL } from './act.ts';
import { announce, withdraw } from './announce.ts';
import type { Facts } from './facts.ts';
import { find, findRights } from './find.ts';
import { gather, gatherRights } from './gather.ts';
import type { Instance } from './instance.ts';
import { judge } from './judge.ts';
import { type Power, shows } from './remedy.ts';
import type { Settings } from './settings.ts';
import { undo } from './undo.ts';

/** Instances that nobody uses, or that run outside their office hours, are stopped; nothing is ever terminated. */
export const policy: Policy<Aws, Settings, Instance, Facts, Power> = {
  name: 'stop-idle-instances',
  title: 'No instance runs for nothing',
  kind: 'cost',
  batch: MOST_A_CALL,
  find,
  gather,
  judge,
  act: async (change, resource, around): Promise<Acted> => {
    const acted = (await actAll([{ change, resource }], around)).get(resource.id);
    return (
      acted ?? {
        result: 'failed',
        code: 'no-answer',
        reason: 'It was not told how it ended.',
        uncertain: true,
      }
    );
  },
  actAll,
  announce,
  withdraw,
  shows,
  undo: (before, _after, around) => undo(before, around),
};

/** The IAM actions that this policy's own calls need, for its role. */
export const rights: readonly string[] = [...new Set([...findRights, ...gatherRights, ...actRights])].sort();
