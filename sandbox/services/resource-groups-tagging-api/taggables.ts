import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { functions } from '../../lambda/function.ts';
import { logGroups } from '../cloudwatch-logs/state.ts';
import { dynamo, tableArn } from '../dynamodb/state.ts';
import { ec2State } from '../ec2/state.ts';
import { SHELVES } from '../ec2/taggable.ts';
import { elbState } from '../elbv2/state.ts';
import { databases } from '../rds/state.ts';
import { bucketsOf } from '../s3/state.ts';
import { topics } from '../sns/state.ts';
import { queueUrl } from '../sqs/queue-url.ts';
import { queues } from '../sqs/state.ts';
import type { Taggable, Tags } from './taggable.ts';

const asList = (tags: Tags) => [...tags].map(([Key, Value]) => ({ Key, Value }));
const lastOf = (arn: string) => arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);

const ec2: Taggable = {
  service: 'ec2',
  arnService: 'ec2',
  list(call) {
    const state = ec2State.of(call);
    return SHELVES.flatMap(({ type, list }) =>
      list(state).map(({ id, owner, tags }) => ({
        arn: `arn:${call.partition}:ec2:${call.region}:${owner}:${type}/${id}`,
        tags: new Map(tags.map(({ Key, Value }) => [Key, Value])),
      })),
    );
  },
  tag: (arn, tags) => ({ operation: 'CreateTags', input: { Resources: [lastOf(arn)], Tags: asList(tags) } }),
  untag: (arn, keys) => ({
    operation: 'DeleteTags',
    input: { Resources: [lastOf(arn)], Tags: keys.map((Key) => ({ Key })) },
  }),
};

const sns: Taggable = {
  service: 'sns',
  arnService: 'sns',
  list: (call) => [...topics.of(call).values()],
  tag: (ResourceArn, tags) => ({ operation: 'TagResource', input: { ResourceArn, Tags: asList(tags) } }),
  untag: (ResourceArn, TagKeys) => ({ operation: 'UntagResource', input: { ResourceArn, TagKeys } }),
};

const sqs: Taggable = {
  service: 'sqs',
  arnService: 'sqs',
  list: (call) => [...queues.of(call).live.values()],
  tag: (arn, tags, call) => ({
    operation: 'TagQueue',
    input: { QueueUrl: queueUrl(call, call.account, lastOf(arn)), Tags: Object.fromEntries(tags) },
  }),
  untag: (arn, TagKeys, call) => ({
    operation: 'UntagQueue',
    input: { QueueUrl: queueUrl(call, call.account, lastOf(arn)), TagKeys },
  }),
};

const dynamodb: Taggable = {
  service: 'dynamodb',
  arnService: 'dynamodb',
  list: (call) =>
    [...dynamo.of(call).tables].map(([name, { tags }]) => ({ arn: tableArn(call, name), tags })),
  tag: (ResourceArn, tags) => ({ operation: 'TagResource', input: { ResourceArn, Tags: asList(tags) } }),
  untag: (ResourceArn, TagKeys) => ({ operation: 'UntagResource', input: { ResourceArn, TagKeys } }),
};

const lambda: Taggable = {
  service: 'lambda',
  arnService: 'lambda',
  list: (call) => [...functions.of(call).values()],
  tag: (Resource, tags) => ({
    operation: 'TagResource',
    input: { Resource, Tags: Object.fromEntries(tags) },
  }),
  untag: (Resource, TagKeys) => ({ operation: 'UntagResource', input: { Resource, TagKeys } }),
};

const logs: Taggable = {
  service: 'cloudwatch-logs',
  arnService: 'logs',
  list: (call) => [...logGroups.of(call).values()],
  tag: (resourceArn, tags) => ({
    operation: 'TagResource',
    input: { resourceArn, tags: Object.fromEntries(tags) },
  }),
  untag: (resourceArn, tagKeys) => ({ operation: 'UntagResource', input: { resourceArn, tagKeys } }),
};

const rds: Taggable = {
  service: 'rds',
  arnService: 'rds',
  list: (call) => [...databases.of(call).values()],
  tag: (ResourceName, tags) => ({
    operation: 'AddTagsToResource',
    input: { ResourceName, Tags: asList(tags) },
  }),
  untag: (ResourceName, TagKeys) => ({
    operation: 'RemoveTagsFromResource',
    input: { ResourceName, TagKeys },
  }),
};

/** Buckets keep the tags that a request does not name, AWS's own among them; their ARNs tell no region. */
const s3: Taggable = {
  service: 's3-control',
  arnService: 's3',
  list: (call) =>
    [...bucketsOf(call.world, call.partition).values()].filter(
      ({ owner, region }) => owner === call.account && region === call.region,
    ),
  regionOf: (arn, call) => bucketsOf(call.world, call.partition).get(lastOf(arn))?.region,
  tag: (ResourceArn, tags, { account: AccountId }) => ({
    operation: 'TagResource',
    input: { AccountId, ResourceArn, Tags: asList(tags) },
  }),
  untag: (ResourceArn, TagKeys, { account: AccountId }) => ({
    operation: 'UntagResource',
    input: { AccountId, ResourceArn, TagKeys },
  }),
};

/** Load balancers of the second generation, their listeners and target groups. */
const elasticLoadBalancing: Taggable = {
  service: 'elastic-load-balancing-v2',
  arnService: 'elasticloadbalancing',
  list(call) {
    const { loadBalancers, listeners, targetGroups } = elbState.of(call);
    return [...loadBalancers.values(), ...listeners.values(), ...targetGroups.values()];
  },
  tag: (arn, tags) => ({ operation: 'AddTags', input: { ResourceArns: [arn], Tags: asList(tags) } }),
  untag: (arn, TagKeys) => ({ operation: 'RemoveTags', input: { ResourceArns: [arn], TagKeys } }),
};

/** Every service that the Tagging API reaches: to add one is to add a row. */
export const TAGGABLES: readonly Taggable[] = [
  dynamodb,
  ec2,
  elasticLoadBalancing,
  lambda,
  logs,
  rds,
  s3,
  sns,
  sqs,
];

/** Who keeps the tags of this ARN. A service that the sandbox does not reach is refused by name. */
export function taggableOf(arn: string): Taggable {
  const [, partition, service = '', , , resource] = arn.split(':');
  if (!arn.startsWith('arn:') || !partition || !service || !resource) {
    throw new AwsError('InvalidParameterException', `${arn} is not a valid ARN.`);
  }
  return taggableNamed(service, `tags of ${arn}`);
}

export function taggableNamed(arnService: string, what: string): Taggable {
  const found = TAGGABLES.find((each) => each.arnService === arnService);
  if (!found) throw notImplemented(`${what} in resource-groups-tagging-api`);
  return found;
}
