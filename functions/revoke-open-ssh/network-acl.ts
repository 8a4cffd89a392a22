import type { NetworkAclEntry, NetworkAcl as ToldAcl } from '@aws-sdk/client-ec2';
import { formatArn } from '../../shared/aws/arn.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { Evidence, Resource, Verdict } from '../../shared/engine/verdict.ts';
import { parseCidr, SPACES, within } from './blocks.ts';
import { tagsFrom } from './from-ec2.ts';
import type { PortRange } from './ports.ts';
import type { Settings } from './settings.ts';

/** A network ACL, looked at when an entry was added: it is only told about, groups are what opens a port (B3.49). */
export interface NetworkAcl extends Resource {
  readonly type: 'AWS::EC2::NetworkAcl';
  readonly entries: readonly NetworkAclEntry[];
  readonly subnetIds: readonly string[];
}

/** A network ACL as DescribeNetworkAcls tells it. */
export function aclFrom(told: ToldAcl, { partition, region, account }: Place): NetworkAcl {
  const id = told.NetworkAclId ?? '';
  const owner = { partition, service: 'ec2', region, account: told.OwnerId ?? account };
  return {
    type: 'AWS::EC2::NetworkAcl',
    id,
    arn: formatArn({ ...owner, resource: `network-acl/${id}` }),
    name: undefined,
    tags: tagsFrom(told.Tags),
    entries: told.Entries ?? [],
    subnetIds: (told.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
  };
}

/** Answers go to the client's ephemeral port; ACLs are stateless and need a way out for them. */
const EPHEMERAL: PortRange = { from: 1024, to: 65_535 };

/**
 * The entries that let anybody outside in to the port, and their answers out; undefined where the ACL stops them. The
 * lowest number that matches wins; an entry for a part of the internet only is taken as letting that part in.
 */
export function openings(
  entries: readonly NetworkAclEntry[],
  port: number,
): readonly NetworkAclEntry[] | undefined {
  const inward = firstAllow(entries, false, { from: port, to: port });
  const outward = firstAllow(entries, true, EPHEMERAL);
  return inward === undefined || outward === undefined ? undefined : [inward, outward];
}

function firstAllow(
  entries: readonly NetworkAclEntry[],
  egress: boolean,
  ports: PortRange,
): NetworkAclEntry | undefined {
  const ordered = entries
    .filter((entry) => entry.Egress === egress && touches(entry, ports))
    .sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
  const byFamily = Map.groupBy(ordered, (entry) => sourceOf(entry)?.family);
  return [...byFamily.values()].flatMap((ofFamily) => {
    const first = ofFamily.find((entry) => entry.RuleAction === 'allow' || stops(entry, ports));
    return first?.RuleAction === 'allow' ? [first] : [];
  })[0];
}

function touches(entry: NetworkAclEntry, { from, to }: PortRange): boolean {
  const source = sourceOf(entry);
  if (source === undefined) return false;
  if (SPACES[source.family].reserved.some((reserved) => within(source, reserved))) return false;
  if (entry.Protocol === '-1') return true;
  if (entry.Protocol !== '6') return false;
  const { From = 0, To = 65_535 } = entry.PortRange ?? {};
  return From <= to && from <= To;
}

/** Whether a deny entry shuts out its whole family for all of these ports. */
function stops(entry: NetworkAclEntry, { from, to }: PortRange): boolean {
  const source = sourceOf(entry);
  if (source === undefined || source.last - source.first + 1n < 1n << BigInt(SPACES[source.family].bits)) {
    return false;
  }
  const { From = 0, To = 65_535 } = entry.Protocol === '-1' ? {} : (entry.PortRange ?? {});
  return From <= from && to <= To;
}

function sourceOf({ CidrBlock, Ipv6CidrBlock }: NetworkAclEntry) {
  return parseCidr(CidrBlock ?? Ipv6CidrBlock ?? '');
}

/** Says when a network ACL lets the internet through to a watched port; there is nothing to revoke. Pure. */
export function judgeAcl(acl: NetworkAcl, settings: Settings): Verdict<never> {
  const open = settings.ports.flatMap(({ port }) => {
    const entries = openings(acl.entries, port);
    return entries === undefined ? [] : [{ port, entries }];
  });
  if (open.length === 0) {
    const reason = `${acl.id} stops the internet on its way to the watched ports.`;
    return { verdict: 'compliant', reasonCode: 'acl-not-open', reason, evidence: [] };
  }
  const ports = open.map(({ port }) => port).join(', ');
  return {
    verdict: 'violation',
    reasonCode: 'acl-open',
    reason: `${acl.id} lets the internet through to port ${ports} in ${acl.subnetIds.join(', ') || 'no subnet yet'}.`,
    severity: 'low',
    evidence: open.flatMap(({ port, entries }) => entries.map((entry) => evidence(port, entry))),
    remedy: undefined,
    advice: ['Security groups alone decide there who gets in; nothing is changed in network ACLs.'],
  };
}

function evidence(port: number, entry: NetworkAclEntry): Evidence {
  return {
    port,
    ruleNumber: entry.RuleNumber ?? null,
    egress: entry.Egress ?? false,
    source: entry.CidrBlock ?? entry.Ipv6CidrBlock ?? null,
    treatment: 'alert',
    why: 'a network ACL has no rule that could be revoked without harm',
  };
}
