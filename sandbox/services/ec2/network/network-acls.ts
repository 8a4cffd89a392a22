import type {
  DescribeNetworkAclsRequest,
  DescribeNetworkAclsResult,
  NetworkAcl as ShownAcl,
} from '@aws-sdk/client-ec2';
import { chosen } from '../chosen.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { KINDS } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { NetworkAcl } from './model.ts';

/** Lists network ACLs, entries in the order in which AWS tests them. */
export const DescribeNetworkAcls = ec2Operation<DescribeNetworkAclsRequest, DescribeNetworkAclsResult>(
  ['NetworkAclIds', 'Filters', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const keep = filterBy<NetworkAcl>(
        input.Filters,
        {
          'association.network-acl-id': (acl) => acl.associations.map(() => acl.id),
          'association.subnet-id': (acl) => acl.associations.map((one) => one.subnetId),
          default: (acl) => [String(acl.isDefault)],
          'entry.cidr': (acl) => acl.entries.map((one) => one.cidr),
          'entry.rule-action': (acl) => acl.entries.map((one) => (one.allow ? 'allow' : 'deny')),
          'network-acl-id': (acl) => [acl.id],
          'owner-id': (acl) => [acl.owner],
          'vpc-id': (acl) => [acl.vpcId],
        },
        (acl) => acl.tags,
      );
      const ids = input.NetworkAclIds;
      const found = chosen(ec2State.of(call).acls.seen(), ids, KINDS.acl).filter(keep);
      const page = pageOf(found, input, { min: 5, max: 1000, ids: ids && 'NetworkAclIds' });
      return { NetworkAcls: page.items.map(showAcl), NextToken: page.NextToken };
    },
  },
);

function showAcl(acl: NetworkAcl): ShownAcl {
  return {
    NetworkAclId: acl.id,
    VpcId: acl.vpcId,
    OwnerId: acl.owner,
    IsDefault: acl.isDefault,
    Associations: acl.associations.map(({ id, subnetId }) => ({
      NetworkAclAssociationId: id,
      NetworkAclId: acl.id,
      SubnetId: subnetId,
    })),
    Entries: [...acl.entries]
      .sort((a, b) => Number(b.egress) - Number(a.egress) || a.ruleNumber - b.ruleNumber)
      .map((entry) => ({
        RuleNumber: entry.ruleNumber,
        Egress: entry.egress,
        Protocol: entry.protocol,
        RuleAction: entry.allow ? 'allow' : 'deny',
        CidrBlock: entry.cidr,
        Ipv6CidrBlock: entry.ipv6Cidr,
        ...(entry.fromPort === undefined ? {} : { PortRange: { From: entry.fromPort, To: entry.toPort } }),
        ...(entry.icmpType === undefined
          ? {}
          : { IcmpTypeCode: { Type: entry.icmpType, Code: entry.icmpCode } }),
      })),
    Tags: [...acl.tags],
  };
}
