import type {
  DescribeSpotInstanceRequestsRequest,
  DescribeSpotInstanceRequestsResult,
  RunInstancesRequest,
  SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { ec2Operation, refuseUnknown } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { combination, invalidValue, KINDS } from '../refuse.ts';
import { ec2State, newResource, type Place, type Tag } from '../state.ts';
import type { Instance, SpotRequest } from './model.ts';

export type Market = Pick<SpotRequest, 'type' | 'interruption' | 'maxPrice'>;

const SPOT = ['MaxPrice', 'SpotInstanceType', 'InstanceInterruptionBehavior'];

/** The Spot half of a launch; undefined for an On-Demand one. */
export function marketOf({ InstanceMarketOptions: wish, ...input }: RunInstancesRequest): Market | undefined {
  if (!wish) return undefined;
  refuseUnknown(wish, ['MarketType', 'SpotOptions'], 'InstanceMarketOptions.');
  if (wish.MarketType !== 'spot') throw invalidValue(`Invalid value '${wish.MarketType}' for MarketType.`);
  const options = wish.SpotOptions ?? {};
  refuseUnknown(options, SPOT, 'InstanceMarketOptions.SpotOptions.');
  if (input.DisableApiTermination) throw combination('disableApiTermination', 'InstanceMarketOptions');
  const type = options.SpotInstanceType ?? 'one-time';
  const interruption = options.InstanceInterruptionBehavior ?? 'terminate';
  if (type === 'one-time' && interruption !== 'terminate') {
    throw invalidValue(
      `The request with type '${type}' is not supported when instanceInterruptionBehavior is set to '${interruption}'.`,
    );
  }
  return { type, interruption, ...(options.MaxPrice && { maxPrice: options.MaxPrice }) };
}

/** Books an instance under a Spot request of its own. */
export function openSpotRequest(
  place: Place,
  instance: Instance,
  market: Market,
  tags: readonly Tag[],
): Instance {
  const state = ec2State.of(place);
  const request: SpotRequest = {
    ...newResource(state, 'sir', instance.owner, tags),
    ...market,
    state: 'active',
    instanceId: instance.id,
    createTime: instance.launchTime,
    zone: instance.zone,
    platformDetails: instance.image.platformDetails,
  };
  state.spotRequests.set(request.id, request);
  const booked = { ...instance, spotRequestId: request.id };
  state.instances.set(booked.id, booked);
  return booked;
}

/** Lists Spot requests with their state and the instance that each of them has. */
export const DescribeSpotInstanceRequests = ec2Operation<
  DescribeSpotInstanceRequestsRequest,
  DescribeSpotInstanceRequestsResult
>(['SpotInstanceRequestIds', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const ids = input.SpotInstanceRequestIds;
    const keep = filterBy<SpotRequest>(
      input.Filters,
      {
        'instance-id': (one) => [one.instanceId],
        'launched-availability-zone': (one) => [one.zone],
        'spot-instance-request-id': (one) => [one.id],
        state: (one) => [one.state],
        type: (one) => [one.type],
      },
      (one) => one.tags,
    );
    const found = chosen(ec2State.of(call).spotRequests.seen(), ids, KINDS.spotRequest).filter(keep);
    const page = pageOf(found, input, {
      min: 5,
      max: 1000,
      ids: ids?.length ? 'SpotInstanceRequestIds' : undefined,
    });
    return { SpotInstanceRequests: page.items.map((one) => show(call, one)), NextToken: page.NextToken };
  },
});

/** Status code and words of each state (EC2 User Guide, "Spot request status codes"). */
const STATUS: Readonly<Record<SpotRequest['state'], readonly [code: string, message: string]>> = {
  active: ['fulfilled', 'Your spot request is fulfilled.'],
  disabled: ['instance-stopped-by-user', 'Your instance was stopped by the user.'],
  open: ['pending-evaluation', 'Your Spot request has been submitted for review, and is pending evaluation.'],
  closed: ['instance-terminated-by-user', 'Spot Instance terminated due to user-initiated termination.'],
  cancelled: ['request-canceled-and-instance-running', 'Your Spot request was canceled.'],
};

function show(call: Call, one: SpotRequest): SpotInstanceRequest {
  const [Code, Message] = STATUS[one.state];
  return {
    SpotInstanceRequestId: one.id,
    Type: one.type,
    State: one.state,
    Status: { Code, Message, UpdateTime: call.now },
    CreateTime: one.createTime,
    InstanceInterruptionBehavior: one.interruption,
    LaunchedAvailabilityZone: one.zone,
    ProductDescription: one.platformDetails === 'Windows' ? 'Windows' : 'Linux/UNIX',
    Tags: [...one.tags],
    ...(one.state !== 'open' && { InstanceId: one.instanceId }),
    ...(one.maxPrice && { SpotPrice: one.maxPrice }),
  };
}
