import type { TagSpecification } from '@aws-sdk/client-ec2';
import type { Call, Demand, Where } from '../../core/service.ts';
import type { Tag } from './state.ts';

/** Images and snapshots belong to no account in their ARN, as they may be shared or public. */
const OWNERLESS: readonly string[] = ['image', 'snapshot'];

/** `arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123` */
export function ec2Arn(call: Where, type: string, id: string, account = call.account): string {
  const owner = OWNERLESS.includes(type) ? '' : account;
  return `arn:${call.partition}:ec2:${call.region}:${owner}:${type}/${id}`;
}

interface Target {
  readonly id: string;
  readonly owner: string;
  readonly tags: readonly Tag[];
  readonly vpcId?: string;
}

/** IAM's question about one existing resource, with the condition keys that policies ask for. */
export function onResource(
  call: Call,
  type: string,
  id: string | undefined,
  target: Target | undefined,
  more: Readonly<Record<string, readonly string[]>> = {},
): Demand {
  return {
    action: `ec2:${call.operation}`,
    resources: [ec2Arn(call, type, id ?? '*', target?.owner)],
    context: {
      'ec2:Region': [call.region],
      ...(target?.vpcId ? { 'ec2:Vpc': [ec2Arn(call, 'vpc', target.vpcId, target.owner)] } : {}),
      ...(target && type === 'security-group' ? { 'ec2:SecurityGroupID': [target.id] } : {}),
      ...tagKeys(target?.tags ?? [], ['aws:ResourceTag', 'ec2:ResourceTag']),
      ...more,
    },
  };
}

/** IAM's questions about a resource that a call makes: the call itself, and CreateTags when it brings tags along. */
export function onCreated(
  call: Call,
  type: string,
  specifications: readonly TagSpecification[] | undefined,
): readonly Demand[] {
  const tags = (specifications ?? []).flatMap((spec) =>
    spec.ResourceType === type ? (spec.Tags ?? []) : [],
  );
  const requested = requestTags(tags);
  const arn = ec2Arn(call, type, '*');
  const context = { 'ec2:Region': [call.region], ...requested };
  const creation: Demand = { action: `ec2:${call.operation}`, resources: [arn], context };
  if (tags.length === 0) return [creation];
  const tagging = { ...context, 'ec2:CreateAction': [call.operation] };
  return [creation, { action: 'ec2:CreateTags', resources: [arn], context: tagging }];
}

/** `aws:RequestTag/…` and `aws:TagKeys` for the tags of a request. */
export function requestTags(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[],
): Readonly<Record<string, readonly string[]>> {
  if (tags.length === 0) return {};
  const named = tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
  return { ...tagKeys(named, ['aws:RequestTag']), 'aws:TagKeys': named.map((tag) => tag.Key) };
}

function tagKeys(tags: readonly Tag[], prefixes: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    prefixes.flatMap((prefix) => tags.map((tag) => [`${prefix}/${tag.Key}`, [tag.Value]])),
  );
}
