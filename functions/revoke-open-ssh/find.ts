import ipaddr from 'ipaddr.js';
import type { Aws } from '../../shared/aws/access.ts';
import { listSecurityGroups, rulesOfGroups } from '../../shared/aws/ec2/security-groups.ts';
import type { Found, Surroundings } from '../../shared/engine/policy.ts';
import type { Signal } from '../../shared/engine/signal.ts';
import { assess } from './assess.ts';
import { notYetVisible } from './awaited.ts';
import { groupFrom, ruleFrom } from './from-ec2.ts';
import { readNamed } from './named.ts';
import { aclFrom, type NetworkAcl } from './network-acl.ts';
import type { SecurityGroup } from './rule.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that `find` calls. */
export const findRights = [...listSecurityGroups.rights, ...rulesOfGroups.rights, ...readNamed.rights];

/**
 * The groups that a signal points at, or all of them, in their current state. One Describe call settles what is in
 * order; only groups that may not be are asked for their rules' ids and tags.
 */
export async function* find(
  signal: Signal,
  settings: Settings,
  around: Surroundings<Aws>,
): AsyncGenerator<Found<SecurityGroup | NetworkAcl>> {
  const { aws, place } = around;
  const caller = callerAddress(signal);
  if (signal.scope.kind === 'resources') {
    const { groups, acls, missing } = await readNamed(aws, signal.scope.resources);
    const resources = await withRuleIds(
      aws,
      groups.map((group) => groupFrom(group, place, caller)),
      settings,
    );
    const absent = notYetVisible(signal, resources, settings, around.now());
    const standing = absent.length === 0 ? [] : await ruleIds(aws, resources);
    const awaited = notYetVisible(signal, resources, settings, around.now(), standing);
    const known = new Set(awaited.map(({ ref }) => ref.id));
    yield {
      resources: [...resources, ...acls.map((acl) => aclFrom(acl, place))],
      missing: [...missing.filter(({ ref }) => !known.has(ref.id)), ...awaited],
    };
    return;
  }
  for await (const page of listSecurityGroups(aws)) {
    const groups = page.map((group) => groupFrom(group, place, caller));
    yield { resources: await withRuleIds(aws, groups, settings), missing: [] };
  }
}

/** Of all rules, outbound ones too: groups that look in order were read without. */
async function ruleIds(aws: Aws, groups: readonly SecurityGroup[]) {
  const rules = await rulesOfGroups(
    aws,
    groups.map(({ id }) => id),
  );
  return rules.map(({ SecurityGroupRuleId: id }) => id);
}

async function withRuleIds(
  aws: Aws,
  groups: readonly SecurityGroup[],
  settings: Settings,
): Promise<readonly SecurityGroup[]> {
  const suspicious = new Set(groups.filter((group) => mayViolate(group, settings)).map(({ id }) => id));
  if (suspicious.size === 0) return groups;
  const told = await rulesOfGroups(aws, [...suspicious]);
  const rules = Map.groupBy(
    told.filter(({ IsEgress }) => IsEgress !== true),
    ({ GroupId }) => GroupId,
  );
  return groups.map((group) =>
    suspicious.has(group.id) ? { ...group, rules: (rules.get(group.id) ?? []).map(ruleFrom) } : group,
  );
}

function mayViolate(group: SecurityGroup, settings: Settings): boolean {
  const { concerns, unclear } = assess(group.rules, new Map(), settings);
  return concerns.length > 0 || unclear.length > 0;
}

/** A caller behind a VPC endpoint has an address that means nothing outside. */
const PRIVATE: readonly string[] = ['private', 'carrierGradeNat', 'loopback', 'linkLocal', 'uniqueLocal'];

/** Where the call came from, when that is an address and not e.g. `cloudformation.amazonaws.com` (B3.31). */
function callerAddress({ actor }: Signal): string | undefined {
  const ip = actor?.sourceIp;
  if (ip === undefined || !ipaddr.isValid(ip)) return undefined;
  return PRIVATE.includes(ipaddr.parse(ip).range()) ? undefined : ip;
}
