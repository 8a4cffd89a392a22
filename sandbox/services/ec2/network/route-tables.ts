import type {
  CreateRouteTableRequest,
  CreateRouteTableResult,
  DescribeRouteTablesRequest,
  DescribeRouteTablesResult,
  RouteTable as ShownTable,
} from '@aws-sdk/client-ec2';
import { chosen } from '../chosen.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { KINDS, resolve } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import type { RouteTable } from './model.ts';

/** Makes a route table with the VPC's local route. */
export const CreateRouteTable = ec2Operation<CreateRouteTableRequest, CreateRouteTableResult>(
  ['VpcId', 'TagSpecifications', 'ClientToken'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      return once(call, input.ClientToken, input, () => {
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
