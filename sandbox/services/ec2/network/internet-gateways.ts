import type {
  AttachInternetGatewayRequest,
  CreateInternetGatewayRequest,
  CreateInternetGatewayResult,
  DeleteInternetGatewayRequest,
  DescribeInternetGatewaysRequest,
  DescribeInternetGatewaysResult,
  DetachInternetGatewayRequest,
  InternetGateway as ShownGateway,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call, Demand } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { dependency, KINDS, resolve } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import type { InternetGateway } from './model.ts';

/** Makes an internet gateway that no VPC uses yet. */
export const CreateInternetGateway = ec2Operation<CreateInternetGatewayRequest, CreateInternetGatewayResult>(
  ['TagSpecifications'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const tags = tagsFor(input.TagSpecifications, 'internet-gateway');
      const gateway: InternetGateway = newResource(state, 'igw', call.account, tags);
      state.gateways.set(gateway.id, gateway);
      return { InternetGateway: showGateway(gateway) };
    },
    authorize: (input, call) => onCreated(call, 'internet-gateway', input.TagSpecifications),
  },
);

/** Attaches a gateway to a VPC; each has at most one of the other. */
export const AttachInternetGateway = ec2Operation<AttachInternetGatewayRequest, object>(
  ['InternetGatewayId', 'VpcId'],
  {
    run(input, call) {
      const { gateways, vpcs } = ec2State.of(call);
      const gateway = resolve(gateways.newest, input.InternetGatewayId, KINDS.gateway, 'internetGatewayId');
      const vpc = resolve(vpcs.newest, input.VpcId, KINDS.vpc, 'VpcId');
      if (gateway.vpcId) {
        const message = `resource ${gateway.id} is already attached to network ${gateway.vpcId}`;
        throw new AwsError('Resource.AlreadyAssociated', message);
      }
      if ([...gateways.newest.values()].some((other) => other.vpcId === vpc.id)) {
        const message = `Network ${vpc.id} already has an internet gateway attached`;
        throw new AwsError('InvalidParameterValue', message);
      }
      gateways.set(gateway.id, { ...gateway, vpcId: vpc.id });
      return {};
    },
    authorize: onGatewayAndVpc,
  },
);

/** Detaches a gateway from its VPC. */
export const DetachInternetGateway = ec2Operation<DetachInternetGatewayRequest, object>(
  ['InternetGatewayId', 'VpcId'],
  {
    run(input, call) {
      const { gateways } = ec2State.of(call);
      const gateway = resolve(gateways.newest, input.InternetGatewayId, KINDS.gateway, 'internetGatewayId');
      if (gateway.vpcId !== input.VpcId) {
        throw new AwsError(
          'Gateway.NotAttached',
          `resource ${gateway.id} is not attached to network ${input.VpcId}`,
        );
      }
      const { vpcId: _, ...alone } = gateway;
      gateways.set(gateway.id, alone);
      return {};
    },
    authorize: onGatewayAndVpc,
  },
);

/** Deletes a detached gateway. */
export const DeleteInternetGateway = ec2Operation<DeleteInternetGatewayRequest, object>(
  ['InternetGatewayId'],
  {
    run(input, call) {
      const { gateways } = ec2State.of(call);
      const gateway = resolve(gateways.newest, input.InternetGatewayId, KINDS.gateway, 'internetGatewayId');
      if (gateway.vpcId) {
        throw dependency(`The internetGateway '${gateway.id}' has dependencies and cannot be deleted.`);
      }
      gateways.delete(gateway.id);
      return {};
    },
    authorize: (input, call) => [onGateway(call, input.InternetGatewayId)],
  },
);

/** Lists internet gateways with the VPC each serves. */
export const DescribeInternetGateways = ec2Operation<
  DescribeInternetGatewaysRequest,
  DescribeInternetGatewaysResult
>(['InternetGatewayIds', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const keep = filterBy<InternetGateway>(
      input.Filters,
      {
        'attachment.state': (gateway) => [gateway.vpcId && 'available'],
        'attachment.vpc-id': (gateway) => [gateway.vpcId],
        'internet-gateway-id': (gateway) => [gateway.id],
        'owner-id': (gateway) => [gateway.owner],
      },
      (gateway) => gateway.tags,
    );
    const ids = input.InternetGatewayIds;
    const found = chosen(ec2State.of(call).gateways.seen(), ids, KINDS.gateway).filter(keep);
    const page = pageOf(found, input, { min: 5, max: 1000, ids: ids && 'InternetGatewayIds' });
    return { InternetGateways: page.items.map(showGateway), NextToken: page.NextToken };
  },
});

function showGateway(gateway: InternetGateway): ShownGateway {
  return {
    InternetGatewayId: gateway.id,
    OwnerId: gateway.owner,
    Attachments: gateway.vpcId ? [{ State: 'attached', VpcId: gateway.vpcId }] : [],
    Tags: [...gateway.tags],
  };
}

function onGateway(call: Call, id: string | undefined): Demand {
  return onResource(call, 'internet-gateway', id, ec2State.of(call).gateways.newest.get(id ?? ''));
}

function onGatewayAndVpc(input: AttachInternetGatewayRequest, call: Call): readonly Demand[] {
  const vpc = ec2State.of(call).vpcs.newest.get(input.VpcId ?? '');
  return [onGateway(call, input.InternetGatewayId), onResource(call, 'vpc', input.VpcId, vpc)];
}
