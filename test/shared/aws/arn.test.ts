import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatArn, isAccountId, parseArn } from '../../../shared/aws/arn.ts';

it.each([
  ['arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1', 'aws', '111122223333', 'security-group/sg-1'],
  ['arn:aws-cn:iam::111122223333:role/reeve/Reeve', 'aws-cn', '111122223333', 'role/reeve/Reeve'],
  [
    'arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:f:3',
    'aws-us-gov',
    '111122223333',
    'function:f:3',
  ],
  ['arn:aws-eusc:sqs:eusc-de-east-1:012345678901:q', 'aws-eusc', '012345678901', 'q'],
  ['arn:aws:s3:::bucket/key with : and /', 'aws', '', 'bucket/key with : and /'],
  ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'aws', 'aws', 'policy/ReadOnlyAccess'],
])('B5.32 B5.40 reads %s', (text, partition, account, resource) => {
  expect(parseArn(text)).toMatchObject({ partition, account, resource });
});

it.each(['', 'arn:aws:s3', 'sg-1', 'arn:other:s3:::b', 'arn:aws:ec2:eu-west-1:1234:x', 'arn:aws:s3:::'])(
  'does not take %j for an ARN',
  (text) => {
    expect(parseArn(text)).toBeUndefined();
  },
);

it('writes every ARN back as it was read', () => {
  const arns = fc.record({
    partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-eusc', 'aws-iso', 'aws-iso-b'),
    service: fc.constantFrom('ec2', 's3', 'iam', 'cognito-idp', 'execute-api'),
    region: fc.constantFrom('', 'eu-west-1', 'us-gov-west-1', 'eusc-de-east-1'),
    account: fc.oneof(fc.constant(''), fc.stringMatching(/^\d{12}$/)),
    resource: fc.string({ minLength: 1, unit: 'grapheme' }),
  });
  fc.assert(
    fc.property(arns, (arn) => {
      expect(parseArn(formatArn(arn))).toEqual(arn);
    }),
  );
});

it.each([
  ['111122223333', true],
  ['012345678901', true],
  ['1111222233334', false],
  ['11112222333', false],
  ['11112222333a', false],
  ['111122223333\n', false],
  ['*', false],
])('B6.15 %j is an account id: %s', (text, is) => {
  expect(isAccountId(text)).toBe(is);
});
