import { expect, it } from 'vitest';
import { judge } from '../../../functions/enforce-tags/judge.ts';
import { readSaved, saved } from '../../../functions/enforce-tags/saved.ts';
import { noon, set } from './builders.ts';

const place = { partition: 'aws', account: 'unknown', region: 'eu-west-1' };
const settings = set({ tags: [{ key: 'Owner', from: ['parent'] }] });

function verdicts(answer: unknown) {
  return readSaved(saved.parse(answer), place).map(({ place: where, resource, facts }) => {
    const { verdict, reason } = judge(resource, facts, settings, noon);
    return `${where.account} ${resource.type} ${resource.id} ${verdict}: ${reason}`;
  });
}

const Tags = [{ Key: 'Owner', Value: 'ana' }];

it('judges what the Describe calls of EC2 answer, taking tags from what the answer itself holds', () => {
  const answer = {
    Reservations: [
      { OwnerId: '111122223333', Instances: [{ InstanceId: 'i-1', Tags }, { InstanceId: 'i-2' }] },
    ],
    Volumes: [{ VolumeId: 'vol-1', Attachments: [{ InstanceId: 'i-1' }] }],
    NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', OwnerId: '111122223333', TagSet: Tags }],
  };

  expect(verdicts(answer)).toEqual([
    '111122223333 AWS::EC2::Instance i-1 compliant: i-1 has the tags that it should.',
    '111122223333 AWS::EC2::Instance i-2 violation: i-2: Owner is missing.',
    'unknown AWS::EC2::Volume vol-1 violation: vol-1: Owner is missing; it becomes "ana" (as i-1 has it).',
    '111122223333 AWS::EC2::NetworkInterface eni-1 compliant: eni-1 has the tags that it should.',
  ]);
});

it('B2.40 tells of a deadline that is over, and that a stop would need more than was saved', () => {
  const stopping = set({ tags: [{ key: 'Owner' }], onDeadline: 'stop' });
  const marked = [{ Key: 'reeve:enforce-tags', Value: 'stop@2026-11-01T00:00Z' }];
  const State = { Name: 'running', Code: 16 };
  const answer = {
    Reservations: [
      { Instances: [{ InstanceId: 'i-1', LaunchTime: '2026-10-01T00:00:00+00:00', State, Tags: marked }] },
    ],
  };

  const [one] = readSaved(saved.parse(answer), place);
  const verdict = one && judge(one.resource, one.facts, stopping, noon);

  expect(verdict).toMatchObject({
    reasonCode: 'tags-missing',
    remedy: undefined,
    advice: expect.arrayContaining([expect.stringMatching(/^It is overdue, and not stopped\. /)]),
  });
});

it('B2.19 judges what the Tagging API lists, but for stacks', () => {
  const ResourceTagMappingList = [
    { ResourceARN: 'arn:aws:sqs:eu-west-1:111122223333:orders', Tags },
    { ResourceARN: 'arn:aws:s3:::orders', Tags: [] },
    { ResourceARN: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1', Tags: [] },
  ];

  expect(verdicts({ ResourceTagMappingList })).toEqual([
    '111122223333 AWS::SQS::Queue arn:aws:sqs:eu-west-1:111122223333:orders compliant: arn:aws:sqs:eu-west-1:111122223333:orders has the tags that it should.',
    'unknown AWS::S3::Bucket arn:aws:s3:::orders violation: arn:aws:s3:::orders: Owner is missing.',
  ]);
});

it.each([{}, { Buckets: [] }, { Volumes: 7 }, { Volumes: [{ Tags: [{ Key: 1 }] }] }, [], null])(
  'refuses %j',
  (answer) => {
    expect(saved.safeParse(answer).success).toBe(false);
  },
);

it('B6.33 asks for the id of everything that is to be judged', () => {
  const file = {
    Volumes: [
      { VolumeId: null, Tags: [] },
      { VolumeId: 'vol-1', Tags: null },
    ],
  };
  const { error } = saved.safeParse(file);

  expect(error?.issues).toMatchObject([{ path: ['Volumes', 0], message: 'expected its id' }]);
});
