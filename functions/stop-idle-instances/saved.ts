import * as z from 'zod';
import { withoutNulls } from '../../shared/aws/without-nulls.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { Facts } from './facts.ts';
import { instanceFrom } from './from-ec2.ts';
import type { Instance } from './instance.ts';
import { readFacts } from './saved-facts.ts';

/** An instance out of a saved answer, ready to be judged. */
export interface SavedInstance {
  readonly place: Place;
  readonly resource: Instance;
  readonly facts: Facts;
}

const text = z.string().optional();
const time = z
  .string()
  .refine((given) => !Number.isNaN(Date.parse(given)), 'expected a time in ISO 8601')
  .transform((given) => new Date(given));
const flag = z.boolean().optional();
const tag = z.looseObject({ Key: z.string(), Value: z.string() });

const attached = z.looseObject({ AttachTime: time.optional() }).optional();
const networkInterface = z.looseObject({
  PrivateIpAddress: text,
  SourceDestCheck: flag,
  Association: z.looseObject({ IpOwnerId: text }).optional(),
  Attachment: attached,
});

const instance = z.looseObject({
  InstanceId: z.string(),
  InstanceType: z.string(),
  State: z.looseObject({ Name: z.string() }),
  LaunchTime: time,
  Tags: z.array(tag).optional(),
  Placement: z.looseObject({ AvailabilityZone: text, Tenancy: text }).optional(),
  StateTransitionReason: text,
  RootDeviceType: text,
  SourceDestCheck: flag,
  HibernationOptions: z.looseObject({ Configured: flag }).optional(),
  Operator: z.looseObject({ Managed: flag, Principal: text }).optional(),
  NetworkInterfaces: z.array(networkInterface).optional(),
  BlockDeviceMappings: z.array(z.looseObject({ Ebs: attached })).optional(),
  ProductCodes: z.array(z.looseObject({ ProductCodeId: text })).optional(),
  ...{ VpcId: text, PrivateIpAddress: text, PublicIpAddress: text, OutpostArn: text },
  ...{
    InstanceLifecycle: text,
    SpotInstanceRequestId: text,
    PlatformDetails: text,
    CapacityReservationId: text,
  },
});

const reservation = z.looseObject({ OwnerId: text, RequesterId: text, Instances: z.array(instance) });

const query = z.looseObject({
  Id: z.string(),
  MetricStat: z.looseObject({
    Metric: z.looseObject({
      MetricName: z.string(),
      Dimensions: z.array(z.looseObject({ Name: z.string(), Value: z.string() })),
    }),
    Period: z.int().min(1),
    Stat: z.string(),
  }),
});

const result = z.looseObject({
  Id: z.string(),
  Timestamps: z.array(time),
  Values: z.array(z.number()),
  StatusCode: text,
});

/**
 * The answers of the AWS CLI that can be judged offline, merged into one object. What is left out stays unknown:
 *
 * - `Reservations`: `aws ec2 describe-instances`
 * - `MetricDataQueries`, `StartTime`, `EndTime`: the file that `aws cloudwatch get-metric-data --cli-input-json` was given
 * - `MetricDataResults`: its answer
 * - `InstanceTypes`, `InstanceStatuses` (with `--include-all-instances`), `SpotInstanceRequests`,
 *   `ReservedInstances`: `aws ec2 describe-…`
 * - `AutoScalingGroups`, `TargetHealthDescriptions`, `LoadBalancerDescriptions`, `Sessions`: of their own services
 */
export const saved = z.preprocess(
  (given) => withoutNulls(given),
  z.looseObject({
    Reservations: z.array(reservation),
    MetricDataQueries: z.array(query).optional(),
    StartTime: time.optional(),
    EndTime: time.optional(),
    MetricDataResults: z.array(result).optional(),
    InstanceTypes: z
      .array(
        z.looseObject({
          InstanceType: z.string(),
          VCpuInfo: z.looseObject({ DefaultVCpus: z.number() }).optional(),
          InstanceStorageSupported: flag,
        }),
      )
      .optional(),
    InstanceStatuses: z
      .array(
        z.looseObject({
          InstanceId: z.string(),
          Events: z
            .array(z.looseObject({ Code: text, Description: text, NotBefore: time.optional() }))
            .optional(),
        }),
      )
      .optional(),
    ReservedInstances: z
      .array(
        z.looseObject({
          InstanceType: z.string(),
          State: z.string(),
          Scope: text,
          AvailabilityZone: text,
          ProductDescription: z.string(),
        }),
      )
      .optional(),
    SpotInstanceRequests: z
      .array(z.looseObject({ SpotInstanceRequestId: z.string(), Type: z.string() }))
      .optional(),
    AutoScalingGroups: z
      .array(
        z.looseObject({
          AutoScalingGroupName: z.string(),
          Instances: z.array(z.looseObject({ InstanceId: z.string() })).optional(),
        }),
      )
      .optional(),
    TargetHealthDescriptions: z
      .array(
        z.looseObject({
          Target: z.looseObject({ Id: z.string() }),
          TargetHealth: z.looseObject({ State: text }).optional(),
        }),
      )
      .optional(),
    LoadBalancerDescriptions: z
      .array(
        z.looseObject({
          LoadBalancerName: z.string(),
          Instances: z.array(z.looseObject({ InstanceId: z.string() })).optional(),
        }),
      )
      .optional(),
    Sessions: z
      .array(z.looseObject({ Target: z.string(), Owner: text, Status: text, StartDate: time.optional() }))
      .optional(),
  }),
);

export type Saved = z.infer<typeof saved>;
export type SavedResult = z.infer<typeof result>;

/** Turns a checked saved answer into instances and what is known about them; `place` fills what it does not say. */
export function readSaved(answer: Saved, place: Place): readonly SavedInstance[] {
  const factsOf = readFacts(answer);
  return answer.Reservations.flatMap((launch) =>
    launch.Instances.map((told) => {
      const zone = told.Placement?.AvailabilityZone;
      const region =
        zone === undefined ? place.region : (/^[a-z]+(-[a-z]+)+-\d+/.exec(zone)?.[0] ?? place.region);
      const where = { ...place, region, account: launch.OwnerId ?? place.account };
      // The schema above has every member that is read here, in the SDK's own types.
      const resource = instanceFrom(
        told as Parameters<typeof instanceFrom>[0],
        launch as Parameters<typeof instanceFrom>[1],
        where,
      );
      return { place: where, resource, facts: factsOf(resource) };
    }),
  );
}
