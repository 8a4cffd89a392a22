import type {
  AssociateRouteTableRequest,
  AssociateRouteTableResult,
  CreateRouteRequest,
  CreateRouteResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { canonicalIpv4, canonicalIpv6 } from '../cidr.ts';
import { onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { Route, RouteTable } from './model.ts';

/** Adds a route to an internet gateway or a network interface. */
export const CreateRoute = ec2Operation<CreateRouteRequest, CreateRouteResult>(
  [
    'RouteTableId',
    'DestinationCidrBlock',
    'DestinationIpv6CidrBlock',
    'DestinationPrefixListId',
    'GatewayId',
    'NetworkInterfaceId',
  ],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const table = resolve(state.routeTables.newest, input.RouteTableId, KINDS.routeTable, 'RouteTableId');
      const destination = destinationOf(input);
      const target = targetOf(input, table, call);
      if (table.routes.some((route) => route.destination === destination)) {
        throw new AwsError('RouteAlreadyExists', `The route identified by ${destination} already exists.`);
      }
      const route: Route = { destination, target, origin: 'CreateRoute' };
      state.routeTables.set(table.id, { ...table, routes: [...table.routes, route] });
      return { Return: true };
    },
    authorize: (input, call) => [onTable(call, input.RouteTableId)],
  },
);

function destinationOf(input: CreateRouteRequest): string {
  if (input.DestinationCidrBlock) return canonicalIpv4(input.DestinationCidrBlock);
  if (input.DestinationIpv6CidrBlock) return canonicalIpv6(input.DestinationIpv6CidrBlock);
  if (input.DestinationPrefixListId) return input.DestinationPrefixListId;
  throw missing('destinationCidrBlock');
}

function targetOf(
  { GatewayId, NetworkInterfaceId }: CreateRouteRequest,
  table: RouteTable,
  call: Call,
): string {
  const state = ec2State.of(call);
  if (NetworkInterfaceId) {
    return resolve(state.interfaces.newest, NetworkInterfaceId, KINDS.interface, 'NetworkInterfaceId').id;
  }
  const gateway = resolve(state.gateways.newest, GatewayId, KINDS.gateway, 'GatewayId');
  if (gateway.vpcId !== table.vpcId) {
    throw invalidValue(
      `route table ${table.id} and network gateway ${gateway.id} belong to different networks`,
    );
  }
  return gateway.id;
}

/** Gives a subnet a route table of its own instead of the VPC's main one. */
export const AssociateRouteTable = ec2Operation<AssociateRouteTableRequest, AssociateRouteTableResult>(
  ['RouteTableId', 'SubnetId'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const table = resolve(state.routeTables.newest, input.RouteTableId, KINDS.routeTable, 'RouteTableId');
      const subnet = resolve(state.subnets.newest, input.SubnetId, KINDS.subnet, 'SubnetId');
      if (subnet.vpcId !== table.vpcId) {
        throw invalidValue(`Route table ${table.id} and subnet ${subnet.id} belong to different networks`);
      }
      for (const other of state.routeTables.newest.values()) {
        const held = other.associations.find((one) => one.subnetId === subnet.id);
        if (!held) continue;
        const message = `the specified association for route table ${table.id} conflicts with an existing association`;
        throw new AwsError('Resource.AlreadyAssociated', message);
      }
      const association = { id: state.newId('rtbassoc'), subnetId: subnet.id };
      state.routeTables.set(table.id, { ...table, associations: [...table.associations, association] });
      return { AssociationId: association.id, AssociationState: { State: 'associated' } };
    },
    authorize: (input, call) => [
      onTable(call, input.RouteTableId),
      onResource(call, 'subnet', input.SubnetId, ec2State.of(call).subnets.newest.get(input.SubnetId ?? '')),
    ],
  },
);

function onTable(call: Call, id: string | undefined) {
  return onResource(call, 'route-table', id, ec2State.of(call).routeTables.newest.get(id ?? ''));
}
