import { beforeEach, expect, it } from 'vitest';
import { seedOrganization } from '../../sandbox/services/organizations/state.ts';
import { type Workshop, workshop } from './lambda/fixture.ts';

const PLACE = 'eu-west-1:111122223333';
const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs';
const TOPIC = `arn:aws:sns:${PLACE}:findings`;

let account: Workshop;
beforeEach(() => {
  account = workshop();
});

type Tags = Readonly<Record<string, string>>;
const asList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const many = (count: number): Tags =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, '']));

/** How each service is given something to tag, and told to tag it. */
const SERVICES = {
  sns: {
    make: () => account.call('sns', 'CreateTopic', { Name: 'findings' }),
    tag: (tags: Tags) => account.call('sns', 'TagResource', { ResourceArn: TOPIC, Tags: asList(tags) }),
  },
  sqs: {
    make: () => account.call('sqs', 'CreateQueue', { QueueName: 'jobs' }),
    tag: (tags: Tags) => account.call('sqs', 'TagQueue', { QueueUrl: QUEUE, Tags: tags }),
  },
  dynamodb: {
    make: () =>
      account.call('dynamodb', 'CreateTable', {
        TableName: 'journal',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'run', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'run', KeyType: 'HASH' }],
      }),
    tag: (tags: Tags) =>
      account.call('dynamodb', 'TagResource', {
        ResourceArn: `arn:aws:dynamodb:${PLACE}:table/journal`,
        Tags: asList(tags),
      }),
  },
  lambda: {
    make: () => account.make('sweep', 'export const handler = async () => {};'),
    tag: (Tags: Tags) =>
      account.call('lambda', 'TagResource', { Resource: `arn:aws:lambda:${PLACE}:function:sweep`, Tags }),
  },
};

it.each<[keyof typeof SERVICES, tooMany: string, reserved: string]>([
  ['sns', 'TagLimitExceededException', 'InvalidParameterException'],
  ['sqs', 'InvalidParameterValue', 'InvalidParameterValue'],
  ['dynamodb', 'ValidationException', 'ValidationException'],
  ['lambda', 'InvalidParameterValueException', 'InvalidParameterValueException'],
])('B2.3 B2.4 %s takes 50 tags, and none of AWS', async (service, tooMany, reserved) => {
  const { make, tag } = SERVICES[service];
  await make();
  await tag(many(50));

  await expect(tag({ 'key-0': 'another value' })).resolves.toBeDefined();
  await expect(tag({ 'one-more': '' })).rejects.toMatchObject({ code: tooMany });
  await expect(tag({ 'AWS:mine': '' })).rejects.toMatchObject({ code: reserved });
});

it('B2.20 SNS refuses what an enforced tag policy does not allow', async () => {
  const { rootId: TargetId } = seedOrganization(account.sandbox.world, [{ id: account.sandbox.account }]);
  const Content = JSON.stringify({
    tags: { stage: { tag_value: { '@@assign': ['prod'] }, enforced_for: { '@@assign': ['sns:topic'] } } },
  });
  const policy = { Name: 'stage', Description: '', Type: 'TAG_POLICY', Content };
  const made = await account.call('organizations', 'CreatePolicy', policy);
  const { PolicySummary } = Object(made.Policy);
  await account.call('organizations', 'AttachPolicy', { PolicyId: PolicySummary.Id, TargetId });
  const { make, tag } = SERVICES.sns;
  await make();

  await expect(tag({ stage: 'prod' })).resolves.toBeDefined();
  await expect(tag({ stage: 'test' })).rejects.toMatchObject({ code: 'TagPolicyException' });
});
