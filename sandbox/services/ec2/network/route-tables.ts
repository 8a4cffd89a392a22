import type {
  AssociateRouteTableRequest,
  AssociateRouteTableResult,
  CreateRouteRequest,
  CreateRouteResult,
  CreateRouteTableRequest,
  CreateRouteTableResult,
  DescribeRouteTablesRequest,
  DescribeRouteTablesResult,
  RouteTable as ShownTable,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { canonicalIpv4, canonicalIpv6 } from '../cidr.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import type { Route, RouteTable } from './model.ts';

/** Makes a route table with the VPC's local route. */
export const CreateRouteTable = ec2Operation<CreateRouteTableRequest, CreateRouteTableResult>(
  ['VpcId', 'TagSpecifications', 'ClientToken'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      return once(state, input.ClientToken, input, () => {
        const vpc = resolve(state.vpcs.newest, input.VpcId, KINDS.vpc, 'VpcId');
        const table: RouteTable = {
          ...newResource(state, 'rtb', call.account, tagsFor(input.TagSpecifications, 'route-table')),
          vpcId: vpc.id,
          routes: [{ destination: vpc.cidr, target: 'local', origin: 'CreateRouteTable' }],
          associations: [],
        };
        state.routeTables.set(table.id, table);
        return { RouteTable: showTable(table), ClientToken: input.ClientToken };
      });
    },
    authorize: (input, call) => [
      ...onCreated(call, 'route-table', input.TagSpecifications),
      onResource(call, 'vpc', input.VpcId, ec2State.of(call).vpcs.newest.get(input.VpcId ?? '')),
    ],
  },
);

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

/** Lists route tables; a subnet without an association of its own uses the one whose association is `Main`. */
export const DescribeRouteTables = ec2Operation<DescribeRouteTablesRequest, DescribeRouteTablesResult>(
  ['RouteTableIds', 'Filters', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const keep = filterBy<RouteTable>(
        input.Filters,
        {
          'association.main': (table) => table.associations.map((one) => String(one.subnetId === undefined)),
          'association.route-table-association-id': (table) => table.associations.map((one) => one.id),
          'association.route-table-id': (table) => table.associations.map(() => table.id),
          'association.subnet-id': (table) => table.associations.map((one) => one.subnetId),
          'owner-id': (table) => [table.owner],
          'route.destination-cidr-block': (table) => table.routes.map((route) => route.destination),
          'route.gateway-id': (table) => table.routes.map((route) => route.target),
          'route-table-id': (table) => [table.id],
          'vpc-id': (table) => [table.vpcId],
        },
        (table) => table.tags,
      );
      const ids = input.RouteTableIds;
      const found = chosen(ec2State.of(call).routeTables.seen(), ids, KINDS.routeTable).filter(keep);
      const page = pageOf(found, input, { min: 5, max: 100, ids: ids && 'RouteTableIds' });
      return { RouteTables: page.items.map(showTable), NextToken: page.NextToken };
    },
  },
);

function showTable(table: RouteTable): ShownTable {
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    OwnerId: table.owner,
    Associations: table.associations.map(({ id, subnetId }) => ({
      RouteTableAssociationId: id,
      RouteTableId: table.id,
      Main: subnetId === undefined,
      ...(subnetId && { SubnetId: subnetId }),
      AssociationState: { State: 'associated' },
    })),
    Routes: table.routes.map(({ destination, target, origin }) => ({
      ...(destination.startsWith('pl-')
        ? { DestinationPrefixListId: destination }
        : destination.includes(':')
          ? { DestinationIpv6CidrBlock: destination }
          : { DestinationCidrBlock: destination }),
      ...(target.startsWith('eni-') ? { NetworkInterfaceId: target } : { GatewayId: target }),
      Origin: origin,
      State: 'active',
    })),
    PropagatingVgws: [],
    Tags: [...table.tags],
  };
}

function onTable(call: Call, id: string | undefined) {
  return onResource(call, 'route-table', id, ec2State.of(call).routeTables.newest.get(id ?? ''));
}
