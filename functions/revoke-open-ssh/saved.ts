import * as z from 'zod';
import { parseArn } from '../../shared/aws/arn.ts';
import { withoutNulls } from '../../shared/aws/without-nulls.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { PrefixList } from './assess.ts';
import { type Facts, NO_FACTS } from './facts.ts';
import { groupFrom, ruleFrom } from './from-ec2.ts';
import type { SecurityGroup } from './rule.ts';

/** A resource out of a saved answer, ready to be judged. */
export interface SavedGroup {
  readonly place: Place;
  readonly resource: SecurityGroup;
  readonly facts: Facts;
}

const port = z.int().min(-1).max(65_535).optional();
const source = z.looseObject({ Description: z.string().optional() });

const permission = z.looseObject({
  IpProtocol: z.string(),
  FromPort: port,
  ToPort: port,
  IpRanges: z.array(source.extend({ CidrIp: z.string() })).optional(),
  Ipv6Ranges: z.array(source.extend({ CidrIpv6: z.string() })).optional(),
  PrefixListIds: z.array(source.extend({ PrefixListId: z.string() })).optional(),
  UserIdGroupPairs: z.array(source).optional(),
});

const tags = z.array(z.looseObject({ Key: z.string(), Value: z.string() })).optional();

const group = z.looseObject({
  GroupId: z.string(),
  GroupName: z.string().optional(),
  OwnerId: z.string().optional(),
  SecurityGroupArn: z.string().optional(),
  IpPermissions: z.array(permission),
  Tags: tags,
});

const rule = z.looseObject({
  SecurityGroupRuleId: z.string(),
  GroupId: z.string(),
  IsEgress: z.boolean().optional(),
  IpProtocol: z.string(),
  FromPort: port,
  ToPort: port,
  CidrIpv4: z.string().optional(),
  CidrIpv6: z.string().optional(),
  PrefixListId: z.string().optional(),
  Tags: tags,
});

const entries = z.array(z.looseObject({ Cidr: z.string() }));

const prefixList = z.looseObject({
  PrefixListId: z.string(),
  OwnerId: z.string().optional(),
  Entries: entries.optional(),
});

const networkInterface = z.looseObject({
  Groups: z.array(z.looseObject({ GroupId: z.string() })).optional(),
});

/**
 * The answers of the AWS CLI that can be judged offline, alone or merged into one object:
 *
 * - `SecurityGroups`: `aws ec2 describe-security-groups`
 * - `SecurityGroupRules`: `aws ec2 describe-security-group-rules`; adds the rules' ids and tags
 * - `PrefixLists`: `aws ec2 describe-managed-prefix-lists`, each list with the `Entries` of
 *   `aws ec2 get-managed-prefix-list-entries` put beside it; a list without entries cannot be judged
 * - `NetworkInterfaces`: `aws ec2 describe-network-interfaces`; tells which groups are in use
 */
export const saved = z.preprocess(
  // `--query SecurityGroups` leaves the bare list.
  (given) => withoutNulls(Array.isArray(given) ? { SecurityGroups: given } : given),
  z
    .looseObject({
      SecurityGroups: z.array(group).optional(),
      SecurityGroupRules: z.array(rule).optional(),
      PrefixLists: z.array(prefixList).optional(),
      NetworkInterfaces: z.array(networkInterface).optional(),
    })
    .refine(
      (given) => given.SecurityGroups !== undefined || given.SecurityGroupRules !== undefined,
      'expected SecurityGroups, as `aws ec2 describe-security-groups` writes them',
    ),
);

/** Turns a checked saved answer into groups and what is known about them; `place` fills what the answer does not say. */
export function readSaved(answer: z.infer<typeof saved>, place: Place): readonly SavedGroup[] {
  const rules = Map.groupBy(
    (answer.SecurityGroupRules ?? []).filter(({ IsEgress }) => IsEgress !== true),
    ({ GroupId }) => GroupId,
  );
  const facts = { prefixLists: listsOf(answer.PrefixLists ?? []) };
  const told = answer.SecurityGroups ?? [...rules.keys()].map((GroupId) => ({ GroupId, IpPermissions: [] }));
  return told.map((each) => {
    const where = placeOf(each, place);
    const read = groupFrom(each, where);
    const own = rules.get(read.id)?.map(ruleFrom);
    const interfaces = usersOf(read.id, answer.NetworkInterfaces);
    return {
      place: where,
      resource: own === undefined ? read : { ...read, rules: own },
      facts: { ...NO_FACTS, ...facts, interfaces },
    };
  });
}

function placeOf(told: Partial<z.infer<typeof group>>, place: Place): Place {
  const arn = told.SecurityGroupArn === undefined ? undefined : parseArn(told.SecurityGroupArn);
  const { partition, region } = arn ?? place;
  return { partition, account: told.OwnerId ?? place.account, region };
}

function listsOf(lists: readonly z.infer<typeof prefixList>[]): ReadonlyMap<string, PrefixList> {
  return new Map(lists.map((list) => [list.PrefixListId, listOf(list)]));
}

function listOf({ OwnerId, Entries }: z.infer<typeof prefixList>): PrefixList {
  if (OwnerId === 'AWS') return { kind: 'aws' };
  if (Entries === undefined) return { kind: 'unreadable', why: 'its entries are not in the saved answer' };
  return { kind: 'entries', cidrs: Entries.map(({ Cidr }) => Cidr) };
}

function usersOf(
  id: string,
  interfaces: readonly z.infer<typeof networkInterface>[] | undefined,
): number | undefined {
  return interfaces?.filter(({ Groups = [] }) => Groups.some(({ GroupId }) => GroupId === id)).length;
}
