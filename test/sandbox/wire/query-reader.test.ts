import { describe, expect, it } from 'vitest';
import { services } from '../../../sandbox/services/registry.ts';
import { modelOf } from '../../../sandbox/wire/model.ts';
import { readQuery } from '../../../sandbox/wire/query-reader.ts';

async function read(service: string, operation: string, form: string): Promise<unknown> {
  const found = services.find(({ name }) => name === service);
  const input = found && (await modelOf(found)).operation(operation)?.input;
  if (!input) throw new Error(`no ${service}:${operation}`);
  return readQuery(input, new URLSearchParams(form), service === 'ec2' ? 'ec2' : 'query');
}

describe('forms as they are documented', () => {
  it.each([
    // EC2 API Reference, AuthorizeSecurityGroupIngress, example 1.
    [
      'ec2',
      'AuthorizeSecurityGroupIngress',
      'Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1234567890abcdef0' +
        '&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80&IpPermissions.1.ToPort=80' +
        '&IpPermissions.1.IpRanges.1.CidrIp=192.0.2.0/24&IpPermissions.1.IpRanges.2.CidrIp=198.51.100.0/24',
      {
        GroupId: 'sg-1234567890abcdef0',
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 80,
            ToPort: 80,
            IpRanges: [{ CidrIp: '192.0.2.0/24' }, { CidrIp: '198.51.100.0/24' }],
          },
        ],
      },
    ],
    // The same, with a group of another account as the source: `Groups` is the wire name of UserIdGroupPairs.
    [
      'ec2',
      'AuthorizeSecurityGroupIngress',
      'IpPermissions.1.Groups.1.UserId=111122223333&IpPermissions.1.Groups.1.GroupId=sg-1',
      { IpPermissions: [{ UserIdGroupPairs: [{ UserId: '111122223333', GroupId: 'sg-1' }] }] },
    ],
    ['ec2', 'DescribeSecurityGroups', 'GroupId.1=sg-1&GroupId.2=sg-2', { GroupIds: ['sg-1', 'sg-2'] }],
    [
      'ec2',
      'DescribeSecurityGroups',
      'Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.1.Value.2=vpc-2',
      { Filters: [{ Name: 'vpc-id', Values: ['vpc-1', 'vpc-2'] }] },
    ],
    [
      'iam',
      'CreateRole',
      'RoleName=a&Tags.member.1.Key=k&Tags.member.1.Value=v',
      { RoleName: 'a', Tags: [{ Key: 'k', Value: 'v' }] },
    ],
  ])('%s %s %#', async (service, operation, form, input) => {
    expect(await read(service, operation, form)).toEqual(input);
  });
});

it('takes lists in their flat form and with members, in the order of their numbers', async () => {
  const tags = { Tags: [{ Key: 'a' }, { Key: 'b' }] };

  expect(await read('iam', 'CreateRole', 'Tags.10.Key=b&Tags.2.Key=a')).toEqual(tags);
  expect(await read('iam', 'CreateRole', 'Tags.member.10.Key=b&Tags.member.2.Key=a')).toEqual(tags);
});

it('reads an empty list where the client wrote one', async () => {
  expect(await read('iam', 'CreateRole', 'Tags=')).toEqual({ Tags: [] });
});

it.each([
  ['CidrIpp=0.0.0.0/0', 'UnknownParameter', 'CidrIpp'],
  ['IpPermissions.1.IpRanges.1.Cidr=0.0.0.0/0', 'UnknownParameter', 'IpPermissions.1.IpRanges.1.Cidr'],
  ['IpPermissions.1.FromPort=ssh', 'InvalidParameterValue', 'IpPermissions.1.FromPort'],
  ['DryRun=maybe', 'InvalidParameterValue', 'DryRun'],
])('refuses %s by name', async (form, code, named) => {
  await expect(read('ec2', 'AuthorizeSecurityGroupIngress', form)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(named),
  });
});
