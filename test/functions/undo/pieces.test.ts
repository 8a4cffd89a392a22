import { DescribeSecurityGroupRulesCommand, ModifySecurityGroupRulesCommand } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { wayBack } from '../../../functions/revoke-open-ssh/way-back.ts';
import { endings, takeBackIn } from '../../support/take-back.ts';
import { Office } from '../revoke-open-ssh/office.ts';

it('B6.18 B3.22 a piece that somebody has made his own since is not closed by an undo', async () => {
  const office = new Office();
  office.settings = { onWiderRange: 'narrow' };
  const id = await office.group(['tcp 22-8080 0.0.0.0/0']);
  const { run } = await office.sweep();
  const { SecurityGroupRules: rules = [] } = await office.ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }),
  );
  const piece = rules.find(({ IsEgress }) => !IsEgress);
  expect(piece?.FromPort).toBe(23);
  // A changed rule keeps its id.
  const SecurityGroupRule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv4: '0.0.0.0/0' };
  await office.ec2.send(
    new ModifySecurityGroupRulesCommand({
      GroupId: id,
      SecurityGroupRules: [{ SecurityGroupRuleId: piece?.SecurityGroupRuleId ?? '', SecurityGroupRule }],
    }),
  );

  const { report } = await takeBackIn(office, wayBack, run);

  expect(endings(report)).toEqual([[id, 'changed']]);
  expect(report?.results[0]?.outcome.reason).toContain('was changed to tcp 443 from 0.0.0.0/0');
  expect(await office.standing(id)).toEqual(['tcp 443 0.0.0.0/0']);
});
