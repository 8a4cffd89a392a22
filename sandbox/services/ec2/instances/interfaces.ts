import type {
  CreateNetworkInterfaceRequest,
  CreateNetworkInterfaceResult,
  DeleteNetworkInterfaceRequest,
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
  ModifyNetworkInterfaceAttributeRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { chosen } from '../chosen.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { groupsFor } from '../groups/find-group.ts';
import { items, trailTags } from '../groups/trail.ts';
import { filterBy, pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { KINDS, missing, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { onGroups, onSubnet } from './demands.ts';
import { layInterface } from './lay-interface.ts';
import type { NetworkInterface } from './model.ts';
import { interfaceFields, showInterface } from './show-interface.ts';

/** Makes a network interface in a subnet, with the VPC's default group unless told. */
export const CreateNetworkInterface = ec2Operation<
  CreateNetworkInterfaceRequest,
  CreateNetworkInterfaceResult
>(['SubnetId', 'Groups', 'Description', 'TagSpecifications', 'ClientToken'], {
  run(input, call) {
    const state = ec2State.of(call);
    return once(call, input.ClientToken, input, () => {
      const made = layInterface(call, {
        subnet: resolve(state.subnets.newest, input.SubnetId, KINDS.subnet, 'subnetId'),
        groupIds: input.Groups,
        description: input.Description,
        tags: tagsFor(input.TagSpecifications, 'network-interface'),
      });
      return { NetworkInterface: showInterface(state, made), ClientToken: input.ClientToken };
    });
  },
  authorize: (input, call) => [
    ...onCreated(call, 'network-interface', input.TagSpecifications),
    onSubnet(call, input.SubnetId),
    ...onGroups(call, input.Groups),
  ],
  trail: (input) => ({
    request: {
      subnetId: input.SubnetId,
      ...(input.Description && { description: input.Description }),
      groupSet: items((input.Groups ?? []).map((groupId) => ({ groupId }))),
      privateIpAddressesSet: {},
      ...(input.TagSpecifications?.length && {
        tagSpecificationSet: items(input.TagSpecifications.map(trailTags)),
      }),
    },
  }),
});

/** Lists network interfaces. */
export const DescribeNetworkInterfaces = ec2Operation<
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult
>(['NetworkInterfaceIds', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const state = ec2State.of(call);
    const ids = input.NetworkInterfaceIds;
    const keep = filterBy<NetworkInterface>(input.Filters, interfaceFields(state), (one) => one.tags);
    const found = chosen(state.interfaces.seen(), ids, KINDS.interface).filter(keep);
    const page = pageOf(found, input, { min: 5, max: 1000, ids: ids && 'NetworkInterfaceIds' });
    return {
      NetworkInterfaces: page.items.map((one) => showInterface(state, one)),
      NextToken: page.NextToken,
    };
  },
});

/** Changes the groups, the description or the source/destination check of a network interface. */
export const ModifyNetworkInterfaceAttribute = ec2Operation<ModifyNetworkInterfaceAttributeRequest, object>(
  ['NetworkInterfaceId', 'Groups', 'Description', 'SourceDestCheck'],
  {
    run(input, call) {
      const { interfaces } = ec2State.of(call);
      const found = resolve(
        interfaces.newest,
        input.NetworkInterfaceId,
        KINDS.interface,
        'networkInterfaceId',
      );
      const { Groups: groups, Description: description, SourceDestCheck: check } = input;
      if (!groups && !description && !check) throw missing('groupSet');
      interfaces.set(found.id, {
        ...found,
        groupIds: groups?.length ? groupsFor(call, groups, found.vpcId) : found.groupIds,
        description: description?.Value ?? found.description,
        sourceDestCheck: check?.Value ?? found.sourceDestCheck,
      });
      return {};
    },
    authorize(input, call) {
      const target = ec2State.of(call).interfaces.newest.get(input.NetworkInterfaceId ?? '');
      return [
        onResource(call, 'network-interface', input.NetworkInterfaceId, target),
        ...onGroups(call, input.Groups),
      ];
    },
    trail: (input) => ({
      request: {
        networkInterfaceId: input.NetworkInterfaceId,
        ...(input.Groups && { groupSet: items(input.Groups.map((groupId) => ({ groupId }))) }),
        ...(input.Description && { description: { value: input.Description.Value } }),
        ...(input.SourceDestCheck && { sourceDestCheck: { value: input.SourceDestCheck.Value } }),
      },
    }),
  },
);

/** Deletes a network interface that no instance holds. */
export const DeleteNetworkInterface = ec2Operation<DeleteNetworkInterfaceRequest, object>(
  ['NetworkInterfaceId'],
  {
    run(input, call) {
      const { interfaces } = ec2State.of(call);
      const found = resolve(
        interfaces.newest,
        input.NetworkInterfaceId,
        KINDS.interface,
        'networkInterfaceId',
      );
      if (found.requesterManaged) {
        throw new AwsError(
          'AuthFailure',
          'You do not have permission to access the specified resource.',
          403,
        );
      }
      if (found.attachment) {
        const message = `Network interface '${found.id}' is currently in use.`;
        throw new AwsError('InvalidParameterValue', message);
      }
      interfaces.delete(found.id);
      return {};
    },
    authorize(input, call) {
      const target = ec2State.of(call).interfaces.newest.get(input.NetworkInterfaceId ?? '');
      return [onResource(call, 'network-interface', input.NetworkInterfaceId, target)];
    },
  },
);
