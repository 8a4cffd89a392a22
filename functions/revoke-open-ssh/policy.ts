import type { Aws } from '../../shared/aws/access.ts';
import type { Policy } from '../../shared/engine/policy.ts';
import { act, actRights } from './act.ts';
import { unseen } from './awaited.ts';
import { type Facts, NO_FACTS } from './facts.ts';
import { find, findRights } from './find.ts';
import { gather, gatherRights } from './gather.ts';
import { judge } from './judge.ts';
import { judgeAcl, type NetworkAcl } from './network-acl.ts';
import type { CloseIngress } from './remedy.ts';
import type { SecurityGroup } from './rule.ts';
import type { Settings } from './settings.ts';
import { undo } from './undo.ts';

/** What this policy looks at: security groups, and network ACLs as far as somebody opens one. */
export type Watched = SecurityGroup | NetworkAcl;

/** Inbound SSH (or another listed port) from the world is closed again, and nothing else is touched. */
export const policy: Policy<Aws, Settings, Watched, Facts, CloseIngress> = {
  name: 'revoke-open-ssh',
  title: 'SSH is not open to the world',
  kind: 'security',
  find,
  gather: async (watched, settings, around) => {
    const groups = watched.filter((one) => one.type === 'AWS::EC2::SecurityGroup');
    const facts = await gather(groups, settings, around);
    return new Map(watched.map(({ id }) => [id, facts.get(id) ?? NO_FACTS]));
  },
  judge: (watched, facts, settings) =>
    watched.type === 'AWS::EC2::NetworkAcl' ? judgeAcl(watched, settings) : judge(watched, facts, settings),
  act: (change, _watched, { aws }) => act(change, aws),
  undo: (before, after, { aws }) => undo(before, after, aws),
  unseen: (missing, _signal, settings) => unseen(missing, settings),
};

/** The IAM actions that this policy's own calls need, for its role. */
export const rights: readonly string[] = [...new Set([...findRights, ...gatherRights, ...actRights])].sort();
