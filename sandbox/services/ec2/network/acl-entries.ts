import type {
  CreateNetworkAclEntryRequest,
  DeleteNetworkAclEntryRequest,
  ReplaceNetworkAclEntryRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call, Demand } from '../../../core/service.ts';
import { canonicalIpv4, canonicalIpv6 } from '../cidr.ts';
import { onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { combination, invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { AclEntry, NetworkAcl } from './model.ts';

const ENTRY = [
  'NetworkAclId',
  'RuleNumber',
  'Egress',
  'Protocol',
  'RuleAction',
  'CidrBlock',
  'Ipv6CidrBlock',
  'PortRange',
  'IcmpTypeCode',
] as const;

const NUMBERS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1', icmpv6: '58', all: '-1' };

/** Adds an entry under a rule number that is free in its direction. */
export const CreateNetworkAclEntry = ec2Operation<CreateNetworkAclEntryRequest, object>(ENTRY, {
  run(input, call) {
    const { acl, entry } = readEntry(input, call);
    if (standing(acl, entry)) {
      const message = `The network acl entry identified by ${entry.ruleNumber} already exists.`;
      throw new AwsError('NetworkAclEntryAlreadyExists', message);
    }
    ec2State.of(call).acls.set(acl.id, { ...acl, entries: [...acl.entries, entry] });
    return {};
  },
  authorize: onAcl,
});

/** Puts an entry in the place of the one with its rule number and direction. */
export const ReplaceNetworkAclEntry = ec2Operation<ReplaceNetworkAclEntryRequest, object>(ENTRY, {
  run(input, call) {
    const { acl, entry } = readEntry(input, call);
    const old = standing(acl, entry);
    if (!old) throw noEntry(acl, entry.ruleNumber);
    const entries = acl.entries.map((one) => (one === old ? entry : one));
    ec2State.of(call).acls.set(acl.id, { ...acl, entries });
    return {};
  },
  authorize: onAcl,
});

/** Removes an entry; the closing deny of every direction stays. */
export const DeleteNetworkAclEntry = ec2Operation<DeleteNetworkAclEntryRequest, object>(
  ['NetworkAclId', 'RuleNumber', 'Egress'],
  {
    run(input, call) {
      const { acls } = ec2State.of(call);
      const acl = resolve(acls.newest, input.NetworkAclId, KINDS.acl, 'NetworkAclId');
      const ruleNumber = checkedNumber(input.RuleNumber);
      const old = standing(acl, { ruleNumber, egress: input.Egress ?? false });
      if (!old) throw noEntry(acl, ruleNumber);
      acls.set(acl.id, { ...acl, entries: acl.entries.filter((one) => one !== old) });
      return {};
    },
    authorize: onAcl,
  },
);

function readEntry(input: CreateNetworkAclEntryRequest, call: Call): { acl: NetworkAcl; entry: AclEntry } {
  const acl = resolve(ec2State.of(call).acls.newest, input.NetworkAclId, KINDS.acl, 'NetworkAclId');
  const { CidrBlock: v4, Ipv6CidrBlock: v6, RuleAction: action } = input;
  if (v4 && v6) throw combination('CidrBlock', 'Ipv6CidrBlock');
  if (!v4 && !v6) throw missing('CidrBlock');
  if (action !== 'allow' && action !== 'deny')
    throw invalidValue(`Invalid value '${action}' for ruleAction.`);
  const entry: AclEntry = {
    ruleNumber: checkedNumber(input.RuleNumber),
    egress: input.Egress ?? false,
    allow: action === 'allow',
    ...(v4 ? { cidr: canonicalIpv4(v4) } : {}),
    ...(v6 ? { ipv6Cidr: canonicalIpv6(v6) } : {}),
    ...trafficOf(input),
  };
  return { acl, entry };
}

function trafficOf({ Protocol: given, PortRange: ports, IcmpTypeCode: icmp }: CreateNetworkAclEntryRequest) {
  if (!given) throw missing('protocol');
  const protocol = NUMBERS[given.toLowerCase()] ?? given;
  if (!/^(-1|\d{1,3})$/.test(protocol) || Number(protocol) > 255) {
    throw invalidValue(`Invalid value '${given}' for IP protocol. Unknown protocol.`);
  }
  if (protocol === '6' || protocol === '17') {
    if (ports?.From === undefined || ports.To === undefined) throw missing('portRange');
    return { protocol, fromPort: ports.From, toPort: ports.To };
  }
  if (protocol === '1' || protocol === '58') {
    if (icmp?.Type === undefined || icmp.Code === undefined) throw missing('icmpTypeCode.type');
    return { protocol, icmpType: icmp.Type, icmpCode: icmp.Code };
  }
  return { protocol };
}

function checkedNumber(number: number | undefined): number {
  if (number === undefined) throw missing('ruleNumber');
  if (number < 1 || number > 32766) {
    throw invalidValue(
      `The parameter 'ruleNumber' may not be set to '${number}'; it must be from 1 to 32766`,
    );
  }
  return number;
}

function standing(acl: NetworkAcl, wanted: Pick<AclEntry, 'ruleNumber' | 'egress'>): AclEntry | undefined {
  return acl.entries.find((one) => one.ruleNumber === wanted.ruleNumber && one.egress === wanted.egress);
}

function noEntry(acl: NetworkAcl, ruleNumber: number): AwsError {
  const message = `The network acl entry identified by ${ruleNumber} does not exist in ${acl.id}.`;
  return new AwsError('InvalidNetworkAclEntry.NotFound', message);
}

function onAcl(input: { NetworkAclId: string | undefined }, call: Call): readonly Demand[] {
  const acl = ec2State.of(call).acls.newest.get(input.NetworkAclId ?? '');
  return [onResource(call, 'network-acl', input.NetworkAclId, acl)];
}
