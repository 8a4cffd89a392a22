import { expect, it } from 'vitest';
import { policy, rights } from '../../../functions/revoke-open-ssh/policy.ts';
import { set } from './builders.ts';
import { Office } from './office.ts';

async function missing(office: Office, ...refs: readonly (readonly [type: string, id: string])[]) {
  const resources = refs.map(([type, id]) => ({ type: `AWS::EC2::${type}`, id }));
  const all = [];
  for await (const page of policy.find(office.signal(resources), set(), office.around))
    all.push(...page.missing);
  return all.map(({ ref, why }) => `${ref.id} ${why}`);
}

it('B3.40 what no longer exists is gone, without an error for the others', async () => {
  const office = new Office();

  expect(
    await missing(
      office,
      ['SecurityGroup', 'sg-0123456789abcdef0'],
      ['SecurityGroup', 'legacy'],
      ['Instance', 'i-0123456789abcdef0'],
      ['NetworkInterface', 'eni-0123456789abcdef0'],
      ['PrefixList', 'pl-0123456789abcdef0'],
      ['NetworkAcl', 'acl-0123456789abcdef0'],
      ['Volume', 'vol-1'],
    ),
  ).toEqual([
    'sg-0123456789abcdef0 gone',
    'i-0123456789abcdef0 gone',
    'eni-0123456789abcdef0 gone',
    'pl-0123456789abcdef0 gone',
    'legacy gone',
    'acl-0123456789abcdef0 gone',
    'vol-1 unresolved',
  ]);
});

it('B3.14 users of a list that may not be read are told as such', async () => {
  const office = new Office();
  office.sandbox.world.faults.add({ operation: 'GetManagedPrefixListAssociations', kind: 'denied' });

  expect(await missing(office, ['PrefixList', 'pl-0123456789abcdef0'])).toEqual([
    'pl-0123456789abcdef0 unreadable',
  ]);
});

it('B3.31 only an address becomes a suggestion', async () => {
  const office = new Office();
  const id = await office.group(['tcp 22 0.0.0.0/0']);
  const caller = async (sourceIp: string | undefined) => {
    const actor = { type: 'IAMUser', arn: undefined, name: 'ana', sourceIp, invokedBy: undefined };
    const signal = { ...office.signal([{ type: 'AWS::EC2::SecurityGroup', id }]), actor };
    for await (const { resources } of policy.find(signal, set(), office.around)) {
      for (const one of resources) return 'callerAddress' in one ? one.callerAddress : undefined;
    }
    throw new Error('not found');
  };

  expect(await caller('198.51.100.7')).toBe('198.51.100.7');
  expect(await caller('2001:db8::7')).toBe('2001:db8::7');
  expect(await caller('cloudformation.amazonaws.com')).toBeUndefined();
  expect(await caller('AWS Internal')).toBeUndefined();
  expect(await caller(undefined)).toBeUndefined();
});

it('many groups are read in one call, suspicious ones in one more', async () => {
  const office = new Office();
  const ids = [];
  for (let one = 0; one < 12; one++) ids.push(await office.group([one % 2 ? 'tcp 22 ::/0' : 'tcp 80 ::/0']));
  office.sandbox.world.forgetCalls();

  const found = await office.found(...ids.map((id) => ({ type: 'AWS::EC2::SecurityGroup', id })));

  expect(found.map(({ id }) => id).sort()).toEqual(ids.toSorted());
  expect(office.calls()).toEqual(['DescribeSecurityGroups', 'DescribeSecurityGroupRules']);
});

it('keeps AWS’s own tags and odd tag keys as plain data', async () => {
  const office = new Office();
  const id = await office.group(['tcp 22 ::/0'], { tags: [{ Key: '__proto__', Value: 'x' }] });
  const [found] = await office.found({ type: 'AWS::EC2::SecurityGroup', id });

  expect(found).toMatchObject({
    arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}`,
    ownedHere: true,
    tags: new Map([['__proto__', 'x']]),
  });
});

it('says which rights it needs, and no more writing than closing and putting back', () => {
  const writing = rights.filter((right) => !/:(Describe|Get|List)/.test(right));

  expect(writing).toEqual([
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateTags',
    'ec2:RevokeSecurityGroupIngress',
  ]);
});

it('B5.29 a listing of rules that had to begin again names no rule twice', async () => {
  const office = new Office();
  const rules = Array.from({ length: 60 }, (_, index) => `tcp 22-${22 + index} 0.0.0.0/0`);
  for (let one = 0; one < 20; one++) await office.group(rules);
  office.sandbox.world.faults.add({
    operation: 'DescribeSecurityGroupRules',
    kind: 'error',
    code: 'InvalidNextToken',
    status: 400,
    after: 1,
    times: 1,
  });

  for (const one of await office.found()) {
    const ids = 'rules' in one ? one.rules.map(({ id }) => id) : [];
    expect(new Set(ids).size).toBe(ids.length);
  }
});
