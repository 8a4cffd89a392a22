import type {
  CreateNatGatewayRequest,
  CreateNatGatewayResult,
  DeleteNatGatewayRequest,
  DeleteNatGatewayResult,
  DescribeNatGatewaysRequest,
  DescribeNatGatewaysResult,
  NatGateway as ShownGateway,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { onAddress } from '../addresses/addresses.ts';
import { putOn, takeOff } from '../addresses/associate.ts';
import { chosen } from '../chosen.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { onSubnet } from '../instances/demands.ts';
import { layInterface } from '../instances/lay-interface.ts';
import { filterBy, pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { combination, KINDS, missing, resolve } from '../refuse.ts';
import { type Ec2State, ec2State, newResource, type Place } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { wrappedTrail } from '../wrapped-trail.ts';
import type { NatGateway } from './model.ts';

/** How long a NAT gateway takes to come and to go, and how long a deleted one stays in sight, in ms. */
const COMES = 90_000;
const GOES = 45_000;
const SHOWN = 3_600_000;

/** Makes a NAT gateway in a subnet: a public one with an Elastic IP, or a private one. */
export const CreateNatGateway = ec2Operation<CreateNatGatewayRequest, CreateNatGatewayResult>(
  ['SubnetId', 'AllocationId', 'ConnectivityType', 'TagSpecifications', 'ClientToken'],
  {
    run(input, call) {
      return once(call, input.ClientToken, input, () => {
        const state = ec2State.of(call);
        const subnet = resolve(state.subnets.newest, input.SubnetId, KINDS.subnet, 'SubnetId');
        const connectivity = input.ConnectivityType ?? 'public';
        const address = addressFor(state, input, connectivity);
        const resource = newResource(
          state,
          'nat',
          call.account,
          tagsFor(input.TagSpecifications, 'natgateway'),
        );
        const nic = layInterface(call, {
          subnet,
          description: `Interface for NAT Gateway ${resource.id}`,
          more: { interfaceType: 'nat_gateway', requesterManaged: true, sourceDestCheck: false },
        });
        if (address) putOn(state, address.id, nic.id);
        const made: NatGateway = {
          ...{ ...resource, vpcId: subnet.vpcId, subnetId: subnet.id, connectivity, state: 'pending' },
          ...{ interfaceId: nic.id, privateIp: nic.privateIp, createTime: call.now },
          ...(address && { allocationId: address.id, publicIp: address.publicIp }),
        };
        state.natGateways.set(made.id, made);
        later(call, made, COMES, (now) => state.natGateways.set(now.id, { ...now, state: 'available' }));
        return { NatGateway: show(made), ClientToken: input.ClientToken };
      });
    },
    authorize: (input, call) => [
      ...onCreated(call, 'natgateway', input.TagSpecifications),
      onSubnet(call, input.SubnetId),
      ...(input.AllocationId ? [onAddress(call, input.AllocationId)] : []),
    ],
    trail: wrappedTrail('CreateNatGateway', { TagSpecifications: 'TagSpecification', Tags: 'Tag' }),
  },
);

function addressFor(state: Ec2State, { AllocationId }: CreateNatGatewayRequest, connectivity: string) {
  if (connectivity === 'private') {
    if (AllocationId) throw combination('AllocationId', 'ConnectivityType private');
    return undefined;
  }
  if (!AllocationId) throw missing('AllocationId');
  const address = resolve(state.addresses.newest, AllocationId, KINDS.address, 'AllocationId');
  if (!address.association) return address;
  const message = `Elastic IP address [${address.id}] is already associated`;
  throw new AwsError('Resource.AlreadyAssociated', message);
}

/** Goes on with a gateway after a while, unless its state was changed meanwhile. */
function later(place: Place, { id, state }: NatGateway, ms: number, go: (now: NatGateway) => void): void {
  place.world.clock.at(place.world.clock.now() + ms, () => {
    const now = ec2State.of(place).natGateways.newest.get(id);
    if (now?.state === state) go(now);
  });
}

/** Deletes a NAT gateway; its Elastic IP stays with the account. */
export const DeleteNatGateway = ec2Operation<DeleteNatGatewayRequest, DeleteNatGatewayResult>(
  ['NatGatewayId'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const found = resolve(state.natGateways.newest, input.NatGatewayId, KINDS.natGateway, 'natGatewayId');
      if (found.state === 'deleting' || found.state === 'deleted') return { NatGatewayId: found.id };
      const deleting: NatGateway = { ...found, state: 'deleting', deleteTime: call.now };
      state.natGateways.set(found.id, deleting);
      later(call, deleting, GOES, (now) => end(call, state, now));
      return { NatGatewayId: found.id };
    },
    authorize(input, call) {
      const target = ec2State.of(call).natGateways.newest.get(input.NatGatewayId ?? '');
      return [onResource(call, 'natgateway', input.NatGatewayId, target)];
    },
    trail: wrappedTrail('DeleteNatGateway'),
  },
);

function end(call: Call, state: Ec2State, now: NatGateway): void {
  const address = state.addresses.newest.get(now.allocationId ?? '');
  if (address?.association) takeOff(state, address);
  state.interfaces.delete(now.interfaceId);
  const deleted: NatGateway = { ...now, state: 'deleted' };
  state.natGateways.set(now.id, deleted);
  later(call, deleted, SHOWN, () => state.natGateways.delete(now.id));
}

/** Lists NAT gateways, for a while also deleted ones. */
export const DescribeNatGateways = ec2Operation<DescribeNatGatewaysRequest, DescribeNatGatewaysResult>(
  ['NatGatewayIds', 'Filter', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const ids = input.NatGatewayIds;
      const keep = filterBy<NatGateway>(
        input.Filter,
        {
          'nat-gateway-id': (one) => [one.id],
          state: (one) => [one.state],
          'subnet-id': (one) => [one.subnetId],
          'vpc-id': (one) => [one.vpcId],
        },
        (one) => one.tags,
      );
      const found = chosen(ec2State.of(call).natGateways.seen(), ids, KINDS.natGateway).filter(keep);
      const page = pageOf(found, input, {
        min: 5,
        max: 1000,
        ids: ids?.length ? 'NatGatewayIds' : undefined,
      });
      return { NatGateways: page.items.map(show), NextToken: page.NextToken };
    },
  },
);

function show(one: NatGateway): ShownGateway {
  return {
    ...{ NatGatewayId: one.id, State: one.state, VpcId: one.vpcId, SubnetId: one.subnetId },
    ConnectivityType: one.connectivity,
    CreateTime: one.createTime,
    Tags: [...one.tags],
    NatGatewayAddresses: [
      {
        NetworkInterfaceId: one.interfaceId,
        PrivateIp: one.privateIp,
        IsPrimary: true,
        ...(one.allocationId && { AllocationId: one.allocationId, PublicIp: one.publicIp }),
      },
    ],
    ...(one.deleteTime && { DeleteTime: one.deleteTime }),
  };
}
