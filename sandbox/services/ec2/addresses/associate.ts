import type {
  AssociateAddressRequest,
  AssociateAddressResult,
  DisassociateAddressRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { onInstances } from '../instances/demands.ts';
import { freeAddress } from '../instances/give-back.ts';
import { newPublicIp } from '../instances/lay-interface.ts';
import type { NetworkInterface } from '../instances/model.ts';
import { combination, KINDS, missing, resolve } from '../refuse.ts';
import { type Ec2State, ec2State } from '../state.ts';
import { onAddress } from './addresses.ts';
import type { ElasticAddress } from './model.ts';

/** Puts an Elastic IP on an instance's primary interface, or on the interface that is named. */
export const AssociateAddress = ec2Operation<AssociateAddressRequest, AssociateAddressResult>(
  ['AllocationId', 'InstanceId', 'NetworkInterfaceId', 'AllowReassociation'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const address = resolve(state.addresses.newest, input.AllocationId, KINDS.address, 'AllocationId');
      const target = targetOf(state, input);
      const held = address.association?.id ?? target.elastic?.associationId;
      if (held && input.AllowReassociation === false) {
        const message = `resource ${address.id} is already associated with associate-id ${held}`;
        throw new AwsError('Resource.AlreadyAssociated', message);
      }
      if (address.association) takeOff(state, address);
      if (target.elastic) freeAddress(state, target.elastic.allocationId);
      return { AssociationId: putOn(state, address.id, target.id) };
    },
    authorize: (input, call) => [
      onAddress(call, input.AllocationId),
      ...onInstances(call, input.InstanceId ? [input.InstanceId] : []),
    ],
  },
);

function targetOf(state: Ec2State, input: AssociateAddressRequest): NetworkInterface {
  const { InstanceId, NetworkInterfaceId } = input;
  if (InstanceId && NetworkInterfaceId) throw combination('InstanceId', 'NetworkInterfaceId');
  if (NetworkInterfaceId) {
    return resolve(state.interfaces.newest, NetworkInterfaceId, KINDS.interface, 'networkInterfaceId');
  }
  const instance = resolve(state.instances.newest, InstanceId, KINDS.instance, 'instanceId');
  const primary = state.interfaces.newest.get(instance.interfaceIds[0] ?? '');
  if (primary && instance.state !== 'pending') return primary;
  const message = `The pending-instance-creation instance to which '${InstanceId}' refers is not in a valid state for this operation.`;
  throw new AwsError('IncorrectInstanceState', message);
}

/** Associates an Elastic IP with an interface, which loses the public address that it had; answers the association. */
export function putOn(state: Ec2State, allocationId: string, interfaceId: string): string {
  const address = state.addresses.newest.get(allocationId);
  const target = state.interfaces.newest.get(interfaceId);
  if (!address || !target) throw missing('AllocationId');
  const associationId = state.newId('eipassoc');
  state.addresses.set(allocationId, { ...address, association: { id: associationId, interfaceId } });
  state.interfaces.set(interfaceId, {
    ...target,
    publicIp: address.publicIp,
    elastic: { allocationId, associationId },
  });
  return associationId;
}

/** Takes an Elastic IP off its interface; a running instance in a public subnet is given another address. */
export function takeOff(state: Ec2State, address: ElasticAddress): void {
  freeAddress(state, address.id);
  const held = state.interfaces.newest.get(address.association?.interfaceId ?? '');
  if (!held) return;
  const { publicIp: _ip, elastic: _elastic, ...plain } = held;
  const instance = state.instances.newest.get(held.attachment?.instanceId ?? '');
  const isPublic = state.subnets.newest.get(held.subnetId)?.mapPublicIp;
  const alone = instance?.state === 'running' && instance.interfaceIds.length === 1;
  state.interfaces.set(held.id, isPublic && alone ? { ...plain, publicIp: newPublicIp(state) } : plain);
}

/** Ends an association; the address stays allocated, and billed. */
export const DisassociateAddress = ec2Operation<DisassociateAddressRequest, object>(['AssociationId'], {
  run(input, call) {
    const state = ec2State.of(call);
    if (!input.AssociationId) throw missing('AssociationId');
    const found = [...state.addresses.newest.values()].find(
      (one) => one.association?.id === input.AssociationId,
    );
    if (!found) {
      const message = `The association ID '${input.AssociationId}' does not exist`;
      throw new AwsError('InvalidAssociationID.NotFound', message);
    }
    if (state.interfaces.newest.get(found.association?.interfaceId ?? '')?.requesterManaged) {
      throw new AwsError('AuthFailure', 'You do not have permission to access the specified resource.', 403);
    }
    takeOff(state, found);
    return {};
  },
  authorize(input, call) {
    const found = [...ec2State.of(call).addresses.newest.values()].find(
      (one) => one.association?.id === input.AssociationId,
    );
    return [onAddress(call, found?.id)];
  },
});
