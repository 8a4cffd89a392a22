import type { SecurityGroup } from '../groups/rule.ts';
import type { RouteTable } from '../network/model.ts';
import type { Ec2State } from '../state.ts';

/** Security groups and route tables that name a prefix list. */
export function referrers(state: Ec2State, listId: string): readonly (SecurityGroup | RouteTable)[] {
  const groups = [...state.groups.newest.values()].filter((group) =>
    group.rules.some(({ peer }) => peer.kind === 'prefix-list' && peer.id === listId),
  );
  const tables = [...state.routeTables.newest.values()].filter((table) =>
    table.routes.some((route) => route.destination === listId),
  );
  return [...groups, ...tables];
}
