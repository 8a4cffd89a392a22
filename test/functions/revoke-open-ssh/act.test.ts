import {
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  ModifySecurityGroupRulesCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { act } from '../../../functions/revoke-open-ssh/act.ts';
import type { CloseIngress } from '../../../functions/revoke-open-ssh/remedy.ts';
import { undo } from '../../../functions/revoke-open-ssh/undo.ts';
import { Office } from './office.ts';

const ref = (id: string) => ({ type: 'AWS::EC2::SecurityGroup', id });

async function changeFor(office: Office, id: string): Promise<CloseIngress> {
  const verdict = (await office.verdicts(ref(id))).get(id);
  if (verdict?.verdict !== 'violation' || verdict.remedy === undefined) throw new Error('no remedy');
  return verdict.remedy;
}

/** As if no ids had been known. */
function withoutIds(change: CloseIngress): CloseIngress {
  return { ...change, revoke: change.revoke.map((rule) => ({ ...rule, id: undefined })) };
}

async function rulesOf(office: Office, id: string): Promise<readonly SecurityGroupRule[]> {
  const { SecurityGroupRules = [] } = await office.ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress === false);
}

describe('closing', () => {
  it('B3.19 goes by rule ids in one call, or by exact permissions', async () => {
    for (const form of [(change: CloseIngress) => change, withoutIds]) {
      const office = new Office();
      const id = await office.group(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0', 'tcp 22 198.51.100.7/32']);
      const change = form(await changeFor(office, id));
      office.sandbox.world.forgetCalls();

      expect(await act(change, office.aws)).toMatchObject({
        result: 'done',
        after: {
          groupId: id,
          revoked: [expect.stringMatching(/^sgr-/), expect.stringMatching(/^sgr-/)],
          authorized: [],
        },
        requestId: expect.any(String),
      });
      expect(office.calls()).toEqual(['RevokeSecurityGroupIngress']);
      expect(await office.standing(id)).toEqual(['tcp 22 198.51.100.7/32']);
    }
  });

  it('twice is once: the second time all is gone', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    const change = await changeFor(office, id);
    await act(change, office.aws);

    expect(await act(change, office.aws)).toEqual({ result: 'gone', reason: 'The rules were already gone.' });
  });

  it.each([
    ['by id', (change: CloseIngress) => change],
    ['by permissions', withoutIds],
  ])('B3.38 when one rule has gone meanwhile, the others are closed one by one, %s', async (_case, form) => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0', 'tcp 443 ::/0'], {
      vpcId: await office.vpc(),
    });
    const change = form(await changeFor(office, id));
    await act({ ...change, revoke: change.revoke.slice(0, 1) }, office.aws);

    expect(await act(change, office.aws)).toMatchObject({
      result: 'done',
      after: { revoked: [expect.any(String)] },
    });
    expect(await office.standing(id)).toEqual(['tcp 443 ::/0']);
  });

  it('B3.38 a rule that goes between reading and closing is no failure', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0']);
    const change = await changeFor(office, id);
    const { faults } = office.sandbox.world;
    faults.add({
      operation: 'RevokeSecurityGroupIngress',
      kind: 'error',
      code: 'InvalidPermission.NotFound',
      status: 400,
      times: 2,
    });

    expect(await act(change, office.aws)).toMatchObject({
      result: 'done',
      after: { revoked: [expect.any(String)] },
    });
  });

  it('B3.38 a failure on the second look is told', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    const change = await changeFor(office, id);
    await act(change, office.aws);
    office.sandbox.world.faults.add({ operation: 'DescribeSecurityGroupRules', kind: 'denied' });

    expect(await act(change, office.aws)).toMatchObject({ result: 'failed', code: 'UnauthorizedOperation' });
  });

  it('B3.39 a default VPC that does not know the rule has not revoked it', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0']);
    const change = withoutIds(await changeFor(office, id));
    await act({ ...change, revoke: change.revoke.slice(0, 1) }, office.aws);

    expect(await act(change, office.aws)).toMatchObject({
      result: 'failed',
      code: 'UnknownIpPermissions',
      reason: 'EC2 did not revoke all 2 rules: 1 are unknown to it.',
      // The other one was closed, and by us.
      uncertain: true,
      after: { revoked: [expect.stringMatching(/^sgr-/)] },
    });
  });

  it('B3.40 a group that was deleted is gone', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    const change = await changeFor(office, id);
    await office.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));

    expect(await act(change, office.aws)).toEqual({ result: 'gone', reason: `${id} was deleted.` });
    expect(await office.found(ref(id))).toEqual([]);
  });

  it.each([
    ['denied' as const, { result: 'failed', code: 'UnauthorizedOperation' }],
    ['timeout' as const, { result: 'failed', uncertain: true }],
    ['reset' as const, { result: 'failed', uncertain: true }],
  ])('an answer of %s is told as such', async (kind, expected) => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    const change = await changeFor(office, id);
    office.sandbox.world.faults.add({ operation: 'RevokeSecurityGroupIngress', kind });

    const acted = await act(change, office.aws);

    expect(acted).toMatchObject(expected);
    expect('uncertain' in acted && acted.uncertain).toBe(kind !== 'denied');
  });
});

it('B3.34 an answer that is lost although it took effect is not told as somebody else’s doing', async () => {
  const office = new Office();
  const id = await office.group(['tcp 22 0.0.0.0/0']);
  const change = await changeFor(office, id);
  office.sandbox.world.faults.add({
    operation: 'RevokeSecurityGroupIngress',
    kind: 'timeout-after',
    times: 1,
  });

  expect(await act(change, office.aws)).toMatchObject({ result: 'failed', uncertain: true });
  expect(await office.standing(id)).toEqual([]);
});

it('B6.21 a rule that was changed under its id since it was read is told, with what it had become', async () => {
  const office = new Office();
  const id = await office.group(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0']);
  const change = await changeFor(office, id);
  const [first] = change.revoke;
  const SecurityGroupRule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '198.51.100.7/32' };
  const fixed =
    change.revoke.find(({ source }) => source.kind === 'cidr' && source.cidr === '0.0.0.0/0') ?? first;
  await office.ec2.send(
    new ModifySecurityGroupRulesCommand({
      GroupId: id,
      SecurityGroupRules: [{ SecurityGroupRuleId: fixed?.id, SecurityGroupRule }],
    }),
  );

  expect(await act(change, office.aws)).toMatchObject({
    result: 'done',
    attention: [
      `${fixed?.id} was tcp 22 from 198.51.100.7/32 by the time that it was closed: open it again if it is needed.`,
    ],
  });
});

it('B3.38 what was closed before a failure is told', async () => {
  const office = new Office();
  const id = await office.group([
    'tcp 22 0.0.0.0/0',
    'tcp 22 ::/0',
    'tcp 22 0.0.0.0/1',
    'tcp 22 128.0.0.0/1',
  ]);
  const change = await changeFor(office, id);
  await act({ ...change, revoke: change.revoke.slice(0, 1) }, office.aws);
  office.sandbox.world.faults.add({ operation: 'RevokeSecurityGroupIngress', kind: 'denied', after: 2 });

  expect(await act(change, office.aws)).toMatchObject({
    result: 'failed',
    code: 'UnauthorizedOperation',
    uncertain: true,
    after: { revoked: [expect.stringMatching(/^sgr-/)] },
  });
});

describe('narrowing', () => {
  async function wide(rules: readonly string[]) {
    const office = new Office();
    office.settings = { onWiderRange: 'narrow' };
    const id = await office.group(rules);
    const [first] = await rulesOf(office, id);
    const Tags = [{ Key: 'team', Value: 'a' }];
    await office.ec2.send(new CreateTagsCommand({ Resources: [first?.SecurityGroupRuleId ?? ''], Tags }));
    return { office, id, change: await changeFor(office, id) };
  }

  it('B3.22 B3.24 puts the rest back first, with description and tags, and it is in order', async () => {
    const { office, id, change } = await wide(['tcp 0-65535 0.0.0.0/0 # app']);
    office.sandbox.world.forgetCalls();

    expect(await act(change, office.aws)).toMatchObject({ result: 'done' });
    expect(await office.standing(id)).toEqual(['tcp 0-21 0.0.0.0/0', 'tcp 23-65535 0.0.0.0/0']);
    expect(await rulesOf(office, id)).toMatchObject(
      [0, 1].map(() => ({ Description: 'app', Tags: [{ Key: 'team', Value: 'a' }] })),
    );
    expect(office.calls()).toEqual([
      'AuthorizeSecurityGroupIngress',
      'AuthorizeSecurityGroupIngress',
      'RevokeSecurityGroupIngress',
    ]);
    expect((await office.verdicts(ref(id))).get(id)?.verdict).toBe('compliant');
  });

  it('B3.22 a piece that stands already is fine', async () => {
    const { office, id, change } = await wide(['tcp 20-25 0.0.0.0/0', 'tcp 20-21 0.0.0.0/0']);

    expect(await act(change, office.aws)).toMatchObject({ result: 'done' });
    expect(await office.standing(id)).toEqual(['tcp 20-21 0.0.0.0/0', 'tcp 23-25 0.0.0.0/0']);
  });

  it('B3.22 without room for the pieces the half is undone and somebody told', async () => {
    const others = Array.from({ length: 58 }, (_, index) => `tcp ${1000 + index} 0.0.0.0/0`);
    const { office, id, change } = await wide(['tcp 20-25 0.0.0.0/0', ...others]);
    const before = await office.standing(id);

    expect(await act(change, office.aws)).toMatchObject({
      result: 'failed',
      code: 'RulesPerSecurityGroupLimitExceeded',
    });
    expect(await office.standing(id)).toEqual(before);
  });

  it('B3.22 a half that cannot be undone is named', async () => {
    const others = Array.from({ length: 58 }, (_, index) => `tcp ${1000 + index} 0.0.0.0/0`);
    const { office, change } = await wide(['tcp 20-25 0.0.0.0/0', ...others]);
    office.sandbox.world.faults.add({ operation: 'RevokeSecurityGroupIngress', kind: 'denied' });

    expect(await act(change, office.aws)).toMatchObject({
      code: 'RulesPerSecurityGroupLimitExceeded',
      reason: expect.stringMatching(/the pieces sgr-\w+ could not be taken away/),
    });
  });

  it('B3.22 pieces do not outlive a rule that somebody else closed meanwhile', async () => {
    const { office, id, change } = await wide(['tcp 0-65535 0.0.0.0/0', 'tcp 20-25 ::/0']);
    const [mine] = change.revoke.filter(
      ({ source }) => source.kind === 'cidr' && source.cidr === '0.0.0.0/0',
    );
    await act({ ...change, revoke: mine === undefined ? [] : [mine], authorize: [] }, office.aws);

    expect(await act(change, office.aws)).toMatchObject({ result: 'done' });
    expect(await office.standing(id)).toEqual(['tcp 20-21 ::/0', 'tcp 23-25 ::/0']);
    expect(await act(change, office.aws)).toMatchObject({ result: 'gone' });
    expect(await office.standing(id)).toEqual(['tcp 20-21 ::/0', 'tcp 23-25 ::/0']);
  });

  it('B3.22 pieces are taken away again when their rule cannot be closed', async () => {
    const { office, id, change } = await wide(['tcp 20-25 0.0.0.0/0']);
    office.sandbox.world.faults.add({ operation: 'RevokeSecurityGroupIngress', kind: 'denied', times: 1 });

    expect(await act(change, office.aws)).toMatchObject({ result: 'failed', code: 'UnauthorizedOperation' });
    expect(await office.standing(id)).toEqual(['tcp 20-25 0.0.0.0/0']);
  });

  it('B3.22 pieces stay, and are told, when nobody knows whether their rule was closed', async () => {
    const { office, id, change } = await wide(['tcp 20-25 0.0.0.0/0']);
    office.sandbox.world.faults.add({ operation: 'RevokeSecurityGroupIngress', kind: 'timeout-after' });

    expect(await act(change, office.aws)).toMatchObject({
      uncertain: true,
      after: { authorized: [expect.stringMatching(/^sgr-/), expect.stringMatching(/^sgr-/)] },
    });
    expect(await office.standing(id)).toEqual(['tcp 20-21 0.0.0.0/0', 'tcp 23-25 0.0.0.0/0']);
  });
});

describe('undo', () => {
  it('B3.20 opens the rules again with description and tags', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0 # mine', 'tcp 22 ::/0', 'tcp 443 ::/0']);
    const [first] = await rulesOf(office, id);
    const Tags = [{ Key: '__proto__', Value: 'x' }];
    await office.ec2.send(new CreateTagsCommand({ Resources: [first?.SecurityGroupRuleId ?? ''], Tags }));
    const before = await office.standing(id);
    const change = await changeFor(office, id);
    const acted = await act(change, office.aws);
    const journaled = JSON.parse(JSON.stringify(change.before));

    expect(await undo(journaled, 'after' in acted ? acted.after : null, office.aws)).toMatchObject({
      result: 'done',
    });
    expect(await office.standing(id)).toEqual(before);
    expect(await rulesOf(office, id)).toContainEqual(
      expect.objectContaining({ Description: 'mine', Tags: [expect.objectContaining({ Key: '__proto__' })] }),
    );
    expect(await undo(journaled, null, office.aws)).toMatchObject({
      result: 'done',
      after: { authorized: [] },
    });
  });

  it('B3.22 makes a narrowed rule whole', async () => {
    const office = new Office();
    office.settings = { onWiderRange: 'narrow' };
    const id = await office.group(['tcp 0-65535 0.0.0.0/0']);
    const change = await changeFor(office, id);
    const acted = await act(change, office.aws);
    const after = 'after' in acted ? acted.after : null;

    await undo(change.before, after, office.aws);

    expect(await office.standing(id)).toEqual(['tcp 0-65535 0.0.0.0/0']);
    expect(await undo(change.before, after, office.aws)).toMatchObject({ result: 'done' });
  });

  it('B3.22 what was opened before a rule found no room is told, and the rest opens at the next try', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0']);
    const before = await office.standing(id);
    const change = await changeFor(office, id);
    await act(change, office.aws);
    office.sandbox.world.faults.add({
      operation: 'AuthorizeSecurityGroupIngress',
      kind: 'error',
      code: 'RulesPerSecurityGroupLimitExceeded',
      status: 400,
      after: 1,
      times: 1,
    });

    expect(await undo(change.before, null, office.aws)).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(/open: sgr-\w+$/),
      after: { groupId: id, authorized: [expect.stringMatching(/^sgr-/)] },
    });
    expect(await undo(change.before, null, office.aws)).toMatchObject({ result: 'done' });
    expect(await office.standing(id)).toEqual(before);
  });

  it('B3.40 B3.13 is refused, or gone, as EC2 says', async () => {
    const office = new Office();
    const id = await office.group(['-1 ::/0']);
    const change = await changeFor(office, id);
    await act(change, office.aws);
    const fault = office.sandbox.world.faults.add({
      operation: 'AuthorizeSecurityGroupIngress',
      kind: 'denied',
    });
    expect(await undo(change.before, null, office.aws)).toMatchObject({
      result: 'failed',
      code: 'UnauthorizedOperation',
    });
    fault.remove();
    await undo(change.before, null, office.aws);
    expect(await office.standing(id)).toEqual(['-1 ::/0']);

    await office.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
    expect(await undo(change.before, null, office.aws)).toMatchObject({ result: 'gone' });
  });
});
