import * as z from 'zod';
import { parseArn } from '../../shared/aws/arn.ts';
import { tagsFrom } from '../../shared/aws/tagging/target.ts';
import { withoutNulls } from '../../shared/aws/without-nulls.ts';
import type { Place } from '../../shared/engine/signal.ts';
import { type Facts, NO_FACTS, type Tagged } from './resource.ts';
import { type Told, told } from './types/row.ts';
import { TYPES } from './types/table.ts';

/** A resource out of a saved answer, ready to be judged. */
export interface SavedResource {
  readonly place: Place;
  readonly resource: Tagged;
  readonly facts: Facts;
}

const text = z.string().optional();
const tags = z.array(z.looseObject({ Key: z.string(), Value: text })).optional();
const flag = z.boolean().optional();
const attached = z.looseObject({ InstanceId: text });

/** What the rows read of an answer: every type's own id, and what else some of them look at. */
const described = z.looseObject({
  Tags: tags,
  TagSet: tags,
  ...{ OwnerId: text, Name: text, GroupName: text, SourceInstanceId: text },
  ...{ InstanceId: text, VolumeId: text, SnapshotId: text, ImageId: text, GroupId: text, VpcId: text },
  ...{ NetworkInterfaceId: text, AllocationId: text, NatGatewayId: text, SubnetId: text },
  Attachments: z.array(attached).optional(),
  Attachment: attached.optional(),
  ...{ InstanceType: text, InstanceLifecycle: text, RootDeviceType: text, SpotInstanceRequestId: text },
  ...{ PrivateIpAddress: text, OutpostArn: text, SourceDestCheck: flag, RequesterManaged: flag },
  NetworkInterfaces: z.array(z.looseObject({ PrivateIpAddress: text, SourceDestCheck: flag })).optional(),
  Placement: z.looseObject({ AvailabilityZone: text, Tenancy: text }).optional(),
  Operator: z.looseObject({ Managed: flag, Principal: text }).optional(),
  State: z.union([z.string(), z.looseObject({ Name: text })]).optional(),
  MetadataOptions: z.looseObject({ InstanceMetadataTags: text }).optional(),
});
const reservation = z.looseObject({
  OwnerId: text,
  RequesterId: text,
  Instances: z.array(described.extend({ InstanceId: z.string().min(1) })),
});
const mapping = z.looseObject({ ResourceARN: z.string(), Tags: tags });

const rows = [...TYPES.values()].flatMap(({ saved: read }) => (read === undefined ? [] : [read]));

/**
 * The answers of the AWS CLI that can be judged offline, alone or merged into one object:
 *
 * - `Reservations`: `aws ec2 describe-instances`
 * - `Volumes`, `Snapshots`, `Images`, `SecurityGroups`, `NetworkInterfaces`, `Addresses`, `NatGateways`, `Vpcs`, `Subnets`:
 *   the Describe call of each
 * - `ResourceTagMappingList`: `aws resourcegroupstaggingapi get-resources`; what never had a tag is not in it
 */
export const saved = z.preprocess(
  (given) => withoutNulls(given),
  z
    .looseObject({
      Reservations: z.array(reservation).optional(),
      ResourceTagMappingList: z.array(mapping).optional(),
      ...Object.fromEntries(
        rows.map((row) => [
          row.under,
          z.array(described.refine((one) => hasId(one, row), 'expected its id')).optional(),
        ]),
      ),
    })
    .refine(
      (given) =>
        ['Reservations', 'ResourceTagMappingList', ...rows.map(({ under }) => under)].some(
          (key) => key in given,
        ),
      'expected Reservations, Volumes or the like, as `aws ec2 describe-…` writes them, or ResourceTagMappingList',
    ),
);

function hasId(one: object, { from }: (typeof rows)[number]): boolean {
  return from(one, { partition: 'aws', account: '', region: '' }).id !== '';
}

/** Turns a checked saved answer into resources; missing tags are looked for in what else the answer holds. */
export function readSaved(answer: z.infer<typeof saved>, place: Place): readonly SavedResource[] {
  const launched = (answer.Reservations ?? []).flatMap(({ Instances, OwnerId, RequesterId }) =>
    Instances.map((one) => ({ ...one, OwnerId: one.OwnerId ?? OwnerId, RequesterId })),
  );
  const listed = new Map(
    rows.map(({ under }) => [under, described.array().safeParse(answer[under]).data ?? []]),
  );
  const ofRows = rows.flatMap(({ under, from }) =>
    [...(under === 'Instances' ? launched : []), ...(listed.get(under) ?? [])].map((one) => {
      const where = { ...place, account: one.OwnerId ?? place.account };
      return { place: where, told: from(one, where) };
    }),
  );
  const tagged = (answer.ResourceTagMappingList ?? []).flatMap(({ ResourceARN, Tags = [] }) =>
    ofArn(ResourceARN, Tags, place),
  );
  const known = new Map([...ofRows, ...tagged].map((one) => [one.told.id, one]));
  return [...known.values()].map(({ told: one, place: where }) => ({
    place: where,
    resource: { ...one, ...timeless(one), creator: undefined, graceUntil: undefined },
    facts: {
      ...NO_FACTS,
      parents: one.parents.flatMap(({ id }) => {
        const parent = known.get(id);
        return parent === undefined ? [] : [{ id, tags: parent.told.tags }];
      }),
    },
  }));
}

/** A saved answer holds times as text, and is not judged by them. */
function timeless({ machine }: Told): Pick<Told, 'createdAt' | 'machine'> {
  return { createdAt: undefined, machine: machine && { ...machine, launchTime: undefined } };
}

/** What no row can place (stacks among it) is not judged. */
function ofArn(
  text: string,
  list: readonly { readonly Key: string; readonly Value?: string | undefined }[],
  place: Place,
): readonly { readonly place: Place; readonly told: Told }[] {
  const arn = parseArn(text);
  const row = [...TYPES.values()].find((one) => one.idOf(text) !== undefined);
  const id = row?.idOf(text);
  if (arn === undefined || row === undefined || id === undefined) return [];
  const { partition, region, account } = arn;
  return [
    {
      place: { partition, region: region || place.region, account: account || place.account },
      told: told({ type: row.type, id, arn: text, tags: tagsFrom(list) }),
    },
  ];
}
