import type {
  CreateVpcRequest,
  CreateVpcResult,
  DeleteVpcRequest,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  Vpc as ShownVpc,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { chosen } from '../chosen.ts';
import { canonicalIpv4, prefixLength } from '../cidr.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { trailOfCreation } from '../groups/trail.ts';
import { filterBy, pageOf } from '../listing.ts';
import { dependency, KINDS, missing, resolve } from '../refuse.ts';
import { type Ec2State, ec2State } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { layVpc } from './default-network.ts';
import type { Vpc } from './model.ts';

/** Makes a VPC of /16 to /28 with its main route table, default ACL and default security group. */
export const CreateVpc = ec2Operation<CreateVpcRequest, CreateVpcResult>(['CidrBlock', 'TagSpecifications'], {
  run(input, call) {
    if (!input.CidrBlock) throw missing('cidrBlock');
    const cidr = canonicalIpv4(input.CidrBlock);
    if (prefixLength(cidr) < 16 || prefixLength(cidr) > 28) {
      throw new AwsError('InvalidVpc.Range', `The CIDR '${input.CidrBlock}' is invalid.`);
    }
    const tags = tagsFor(input.TagSpecifications, 'vpc');
    return { Vpc: showVpc(layVpc(ec2State.of(call), call, { cidr, isDefault: false, tags }), 'pending') };
  },
  authorize: (input, call) => onCreated(call, 'vpc', input.TagSpecifications),
  trail: (input) => trailOfCreation(input),
});

/** Lists VPCs. */
export const DescribeVpcs = ec2Operation<DescribeVpcsRequest, DescribeVpcsResult>(
  ['VpcIds', 'Filters', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const keep = filterBy<Vpc>(
        input.Filters,
        {
          cidr: (vpc) => [vpc.cidr],
          'cidr-block-association.cidr-block': (vpc) => [vpc.cidr],
          'is-default': (vpc) => [String(vpc.isDefault)],
          isDefault: (vpc) => [String(vpc.isDefault)],
          'owner-id': (vpc) => [vpc.owner],
          state: () => ['available'],
          'vpc-id': (vpc) => [vpc.id],
        },
        (vpc) => vpc.tags,
      );
      const found = chosen(ec2State.of(call).vpcs.seen(), input.VpcIds, KINDS.vpc).filter(keep);
      const page = pageOf(found, input, { min: 5, max: 1000, ids: input.VpcIds && 'VpcIds' });
      return { Vpcs: page.items.map((vpc) => showVpc(vpc, 'available')), NextToken: page.NextToken };
    },
  },
);

/** Deletes an empty VPC together with what AWS made along with it. */
export const DeleteVpc = ec2Operation<DeleteVpcRequest, object>(['VpcId'], {
  run(input, call) {
    const state = ec2State.of(call);
    const vpc = resolve(state.vpcs.newest, input.VpcId, KINDS.vpc, 'VpcId');
    if (isUsed(state, vpc.id))
      throw dependency(`The vpc '${vpc.id}' has dependencies and cannot be deleted.`);
    for (const map of [state.routeTables, state.acls, state.groups]) {
      for (const made of [...map.newest.values()]) if (made.vpcId === vpc.id) map.delete(made.id);
    }
    state.vpcs.delete(vpc.id);
    return {};
  },
  authorize: (input, call) => [
    onResource(call, 'vpc', input.VpcId, ec2State.of(call).vpcs.newest.get(input.VpcId ?? '')),
  ],
});

function isUsed(state: Ec2State, vpcId: string): boolean {
  const inside = (resource: { readonly vpcId?: string }) => resource.vpcId === vpcId;
  return (
    [...state.subnets.newest.values()].some(inside) ||
    [...state.gateways.newest.values()].some(inside) ||
    [...state.groups.newest.values()].some((group) => inside(group) && group.name !== 'default') ||
    [...state.acls.newest.values()].some((acl) => inside(acl) && !acl.isDefault) ||
    [...state.routeTables.newest.values()].some(
      (table) => inside(table) && table.associations.every((association) => association.subnetId),
    )
  );
}

function showVpc(vpc: Vpc, state: 'pending' | 'available'): ShownVpc {
  return {
    VpcId: vpc.id,
    OwnerId: vpc.owner,
    CidrBlock: vpc.cidr,
    CidrBlockAssociationSet: [
      {
        AssociationId: vpc.id.replace('vpc-', 'vpc-cidr-assoc-'),
        CidrBlock: vpc.cidr,
        CidrBlockState: { State: 'associated' },
      },
    ],
    State: state,
    IsDefault: vpc.isDefault,
    InstanceTenancy: 'default',
    DhcpOptionsId: vpc.id.replace('vpc-', 'dopt-'),
    Tags: [...vpc.tags],
  };
}
