import type {
  Address,
  AllocateAddressRequest,
  AllocateAddressResult,
  DescribeAddressesRequest,
  DescribeAddressesResult,
  ReleaseAddressRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call, Demand } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { ipv4At } from '../cidr.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { trailOfCreation } from '../groups/trail.ts';
import { filterBy } from '../listing.ts';
import { KINDS, resolve } from '../refuse.ts';
import { type Ec2State, ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import type { ElasticAddress } from './model.ts';

/** AWS's default quota of Elastic IPs in a region. */
const QUOTA = 5;

/** Takes an Elastic IP for the account, up to five a region. */
export const AllocateAddress = ec2Operation<AllocateAddressRequest, AllocateAddressResult>(
  ['Domain', 'TagSpecifications'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      if (state.addresses.newest.size >= QUOTA) {
        throw new AwsError('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
      }
      const made: ElasticAddress = {
        ...newResource(state, 'eipalloc', call.account, tagsFor(input.TagSpecifications, 'elastic-ip')),
        publicIp: ipv4At('52.16.0.0/14', state.nextSerial()),
      };
      state.addresses.set(made.id, made);
      return {
        ...{ AllocationId: made.id, PublicIp: made.publicIp, Domain: 'vpc' },
        ...{ PublicIpv4Pool: 'amazon', NetworkBorderGroup: call.region },
      };
    },
    authorize: (input, call) => onCreated(call, 'elastic-ip', input.TagSpecifications),
    trail: (input) => trailOfCreation(input),
  },
);

/** Gives an Elastic IP back that nothing uses. */
export const ReleaseAddress = ec2Operation<ReleaseAddressRequest, object>(['AllocationId'], {
  run(input, call) {
    const { addresses } = ec2State.of(call);
    const found = resolve(addresses.newest, input.AllocationId, KINDS.address, 'AllocationId');
    if (found.association) {
      throw new AwsError('InvalidIPAddress.InUse', `Address ${found.publicIp} is in use.`);
    }
    addresses.delete(found.id);
    return {};
  },
  authorize: (input, call) => [onAddress(call, input.AllocationId)],
});

/** Lists Elastic IPs with what they are associated with. */
export const DescribeAddresses = ec2Operation<DescribeAddressesRequest, DescribeAddressesResult>(
  ['AllocationIds', 'PublicIps', 'Filters'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const ips = input.PublicIps ?? [];
      const all = chosen(state.addresses.seen(), input.AllocationIds, KINDS.address);
      const lost = ips.find((ip) => !all.some((one) => one.publicIp === ip));
      if (lost) throw new AwsError('InvalidAddress.NotFound', `Address '${lost}' not found.`);
      const shown = all
        .filter((one) => ips.length === 0 || ips.includes(one.publicIp))
        .map((one) => showAddress(call, state, one));
      const keep = filterBy<Address>(
        input.Filters,
        {
          'allocation-id': (one) => [one.AllocationId],
          'association-id': (one) => [one.AssociationId],
          'instance-id': (one) => [one.InstanceId],
          'network-interface-id': (one) => [one.NetworkInterfaceId],
          'private-ip-address': (one) => [one.PrivateIpAddress],
          'public-ip': (one) => [one.PublicIp],
        },
        (one) => (one.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value })),
      );
      return { Addresses: shown.filter(keep) };
    },
  },
);

function showAddress(call: Call, state: Ec2State, one: ElasticAddress): Address {
  const held = state.interfaces.seen().get(one.association?.interfaceId ?? '');
  return {
    ...{ AllocationId: one.id, PublicIp: one.publicIp, Domain: 'vpc', PublicIpv4Pool: 'amazon' },
    NetworkBorderGroup: call.region,
    Tags: [...one.tags],
    ...(one.association &&
      held && {
        AssociationId: one.association.id,
        NetworkInterfaceId: held.id,
        NetworkInterfaceOwnerId: held.owner,
        PrivateIpAddress: held.privateIp,
        ...(held.attachment && { InstanceId: held.attachment.instanceId }),
      }),
  };
}

/** IAM's question about an existing Elastic IP. */
export function onAddress(call: Call, id: string | undefined): Demand {
  return onResource(call, 'elastic-ip', id, ec2State.of(call).addresses.newest.get(id ?? ''));
}
