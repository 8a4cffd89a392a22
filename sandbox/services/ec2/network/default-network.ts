import { everythingOut, fromItself, type SecurityGroup } from '../groups/rule.ts';
import { type Ec2State, newResource, type Place, type Tag } from '../state.ts';
import { zonesOf } from '../zones.ts';
import type { AclEntry, Subnet, Vpc } from './model.ts';

const ALLOW_ALL: readonly AclEntry[] = [true, false].flatMap((egress) => [
  { ruleNumber: 100, egress, protocol: '-1', allow: true, cidr: '0.0.0.0/0' },
  { ruleNumber: 32767, egress, protocol: '-1', allow: false, cidr: '0.0.0.0/0' },
]);

/** A VPC with what AWS makes along with it: main route table, default network ACL, default security group. */
export function layVpc(
  state: Ec2State,
  place: Place,
  vpc: { cidr: string; isDefault: boolean; tags: readonly Tag[] },
): Vpc {
  const owner = place.account;
  const made: Vpc = {
    ...newResource(state, 'vpc', owner, vpc.tags),
    cidr: vpc.cidr,
    isDefault: vpc.isDefault,
  };
  state.vpcs.set(made.id, made);

  const table = newResource(state, 'rtb', owner);
  state.routeTables.set(table.id, {
    ...table,
    vpcId: made.id,
    routes: [{ destination: vpc.cidr, target: 'local', origin: 'CreateRouteTable' }],
    associations: [{ id: state.newId('rtbassoc') }],
  });

  const acl = newResource(state, 'acl', owner);
  state.acls.set(acl.id, { ...acl, vpcId: made.id, isDefault: true, entries: ALLOW_ALL, associations: [] });

  layGroup(state, owner, {
    name: 'default',
    description: 'default VPC security group',
    vpcId: made.id,
    tags: [],
  });
  return made;
}

/** A security group with the rules that AWS gives it: all traffic out, and for `default` all traffic from itself. */
export function layGroup(
  state: Ec2State,
  owner: string,
  group: Pick<SecurityGroup, 'name' | 'description' | 'vpcId' | 'tags'>,
): SecurityGroup {
  const resource = newResource(state, 'sg', owner, group.tags);
  const inward = group.name === 'default' ? [fromItself(state, resource.id, owner)] : [];
  const made: SecurityGroup = { ...resource, ...group, rules: [...inward, everythingOut(state)] };
  for (const rule of made.rules) state.ruleHomes.set(rule.id, made.id);
  state.groups.set(made.id, made);
  return made;
}

/** The default VPC of a region: 172.31.0.0/16, a public /20 in each zone, an internet gateway. */
export function layDefaultNetwork(state: Ec2State, place: Place): void {
  const vpc = layVpc(state, place, { cidr: '172.31.0.0/16', isDefault: true, tags: [] });
  const gateway = newResource(state, 'igw', place.account);
  state.gateways.set(gateway.id, { ...gateway, vpcId: vpc.id });
  for (const [index, zone] of zonesOf(place).entries()) {
    laySubnet(state, place.account, {
      vpcId: vpc.id,
      cidr: `172.31.${index * 16}.0/20`,
      zone: zone.name,
      zoneId: zone.id,
      defaultForAz: true,
      mapPublicIp: true,
      tags: [],
    });
  }
  for (const table of state.routeTables.newest.values()) {
    if (table.vpcId !== vpc.id) continue;
    const out = { destination: '0.0.0.0/0', target: gateway.id, origin: 'CreateRoute' as const };
    state.routeTables.set(table.id, { ...table, routes: [...table.routes, out] });
  }
}

/** A subnet, associated with its VPC's default network ACL. */
export function laySubnet(
  state: Ec2State,
  owner: string,
  subnet: Omit<Subnet, 'id' | 'owner' | 'serial'>,
): Subnet {
  const made = { ...newResource(state, 'subnet', owner), ...subnet };
  state.subnets.set(made.id, made);
  for (const acl of state.acls.newest.values()) {
    if (acl.vpcId !== subnet.vpcId || !acl.isDefault) continue;
    const link = { id: state.newId('aclassoc'), subnetId: made.id };
    state.acls.set(acl.id, { ...acl, associations: [...acl.associations, link] });
  }
  return made;
}
