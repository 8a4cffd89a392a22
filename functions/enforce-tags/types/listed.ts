import type { Aws, Verb } from '../../../shared/aws/access.ts';
import { AwsFailure } from '../../../shared/aws/errors.ts';
import { functionTags, listFunctions } from '../../../shared/aws/tagging/functions.ts';
import { listLoadBalancers, loadBalancerTags } from '../../../shared/aws/tagging/load-balancers.ts';
import { listLogGroups, logGroupTags } from '../../../shared/aws/tagging/log-groups.ts';
import { listQueues, queueTags } from '../../../shared/aws/tagging/queues.ts';
import { listTables, tableTags } from '../../../shared/aws/tagging/tables.ts';
import { taggedResources, tagResources, untagResources } from '../../../shared/aws/tagging/tagging-api.ts';
import type { Tags } from '../../../shared/aws/tagging/target.ts';
import { listTopics, topicTags } from '../../../shared/aws/tagging/topics.ts';
import { inParallel } from '../../../shared/engine/parallel.ts';
import type { TypeName } from '../type-names.ts';
import { type ArnForm, arnOf, knownByArn, nameIn, type TagType, type Told, told } from './row.ts';

/** What a row says about a type whose service lists names and tells tags one resource at a time. */
interface ListedRow {
  readonly type: TypeName;
  readonly form: ArnForm;
  /** As the Tagging API names the type. */
  readonly filter: string;
  readonly list: Verb<(aws: Aws) => AsyncIterable<readonly string[]>>;
  readonly tagsOf: Verb<(aws: Aws, arn: string) => Promise<Tags>>;
  /** The service's own rights, which the Tagging API needs besides its own (B2.31). */
  readonly tagging: readonly string[];
  /** The service lists ARNs instead of names. */
  readonly listsArns?: boolean;
}

/** Reads of one resource each that run at once. */
const PARALLEL = 5;

/** The service knows what exists, the Tagging API the tags of all that has any: together that is everything. */
function row({ type, form, filter, list, tagsOf, tagging, listsArns = false }: ListedRow): TagType {
  const from = (arn: string, tags: Tags): Told => told({ type, id: arn, arn, name: nameIn(form, arn), tags });
  return {
    type,
    filter,
    async *list(aws, tagged) {
      const known = await tagged();
      for await (const page of list(aws)) {
        const arns = listsArns ? page : page.map((name) => arnOf(form, name, aws.place));
        yield arns.map((arn) => from(arn, known.get(arn) ?? new Map()));
      }
    },
    async read(aws, arns) {
      const read = await inParallel(arns, PARALLEL, async (arn) => {
        try {
          return [from(arn, await tagsOf(aws, arn))];
        } catch (error) {
          if (error instanceof AwsFailure && error.kind === 'gone') return [];
          throw error;
        }
      });
      return read.flat();
    },
    readsOneByOne: true,
    ...knownByArn(form),
    ...(listsArns && { idNamed: (arn) => arn }),
    write: { set: tagResources, remove: untagResources },
    rights: {
      read: [...taggedResources.rights, ...list.rights, ...tagsOf.rights],
      write: [...tagResources.rights, ...untagResources.rights, ...tagging],
    },
  };
}

/** Types that only differ in whom to ask. */
export const listedTypes: readonly TagType[] = [
  row({
    type: 'AWS::Lambda::Function',
    form: { service: 'lambda', prefix: 'function:' },
    filter: 'lambda:function',
    list: listFunctions,
    tagsOf: functionTags,
    tagging: ['lambda:TagResource', 'lambda:UntagResource'],
  }),
  row({
    type: 'AWS::SNS::Topic',
    form: { service: 'sns', prefix: '' },
    filter: 'sns',
    list: listTopics,
    tagsOf: topicTags,
    tagging: ['sns:TagResource', 'sns:UntagResource'],
  }),
  row({
    type: 'AWS::SQS::Queue',
    form: { service: 'sqs', prefix: '' },
    filter: 'sqs',
    list: listQueues,
    tagsOf: queueTags,
    tagging: ['sqs:TagQueue', 'sqs:UntagQueue'],
  }),
  row({
    type: 'AWS::DynamoDB::Table',
    form: { service: 'dynamodb', prefix: 'table/' },
    filter: 'dynamodb:table',
    list: listTables,
    tagsOf: tableTags,
    tagging: ['dynamodb:TagResource', 'dynamodb:UntagResource'],
  }),
  row({
    type: 'AWS::Logs::LogGroup',
    form: { service: 'logs', prefix: 'log-group:' },
    filter: 'logs:log-group',
    list: listLogGroups,
    tagsOf: logGroupTags,
    tagging: ['logs:TagResource', 'logs:UntagResource'],
  }),
  row({
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    form: { service: 'elasticloadbalancing', prefix: 'loadbalancer/' },
    filter: 'elasticloadbalancing:loadbalancer',
    list: listLoadBalancers,
    tagsOf: loadBalancerTags,
    tagging: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
    listsArns: true,
  }),
];
