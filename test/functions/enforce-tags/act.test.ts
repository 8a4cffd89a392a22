import {
  DescribeInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import * as organizations from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { actAll } from '../../../functions/enforce-tags/act.ts';
import type { FixTags } from '../../../functions/enforce-tags/remedy.ts';
import type { Tagged } from '../../../functions/enforce-tags/resource.ts';
import { undo } from '../../../functions/enforce-tags/undo.ts';
import { seedOrganization } from '../../../sandbox/services/organizations/state.ts';
import type { Doing } from '../../../shared/engine/policy.ts';
import { Office } from './office.ts';

const INSTANCES = { types: ['AWS::EC2::Instance'], graceMinutes: 0 };
const ops = { tags: [{ key: 'Owner', default: 'ops' }], ...INSTANCES };
const ref = (id: string) => ({ type: 'AWS::EC2::Instance', id });

/** What the policy would do about these, as it is judged now. */
async function planned(
  office: Office,
  ...ids: readonly string[]
): Promise<readonly Doing<Tagged, FixTags>[]> {
  const found = await office.found(...ids.map(ref));
  const verdicts = await office.verdicts(...ids.map(ref));
  return found.flatMap((resource) => {
    const verdict = verdicts.get(resource.id);
    return verdict?.verdict === 'violation' && verdict.remedy ? [{ change: verdict.remedy, resource }] : [];
  });
}

async function stateOf({ ec2 }: Office, id: string): Promise<string | undefined> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations[0]?.Instances?.[0]?.State?.Name;
}

describe('tagging in EC2', () => {
  it('writes the same tags on many in one call, and twice is once', async () => {
    const office = new Office(ops);
    const ids = await office.launch({}, 3);
    const changes = await planned(office, ...ids);
    office.sandbox.world.forgetCalls();

    const ended = await actAll(changes, office.around);

    expect(office.calls()).toEqual(['DescribeInstances', 'CreateTags']);
    expect([...ended.values()].map(({ result }) => result)).toEqual(['done', 'done', 'done']);
    expect([...(await actAll(changes, office.around)).values()].map(({ result }) => result)).toEqual([
      'done',
      'done',
      'done',
    ]);
  });

  it('one that is gone does not keep the others from their tags', async () => {
    const office = new Office(ops);
    const ids = await office.launch({}, 3);
    const changes = await planned(office, ...ids);
    await office.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids.slice(0, 1) }));

    const ended = await actAll(changes, office.around);

    expect(ids.map((id) => ended.get(id)?.result)).toEqual(['gone', 'done', 'done']);
  });

  it('B2.4 one that AWS finds full does not keep the others from theirs', async () => {
    const office = new Office(ops);
    const ids = await office.launch({}, 3);
    const changes = await planned(office, ...ids);
    const full = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, 'x']));
    await office.tag(ids[1] ?? '', full);

    const ended = await actAll(changes, office.around);

    expect(ids.map((id) => ended.get(id))).toMatchObject([
      { result: 'done' },
      { result: 'failed', code: 'TagLimitExceeded' },
      { result: 'done' },
    ]);
    expect(Object.keys(await office.tagsOf(ids[1] ?? ''))).toHaveLength(50);
  });

  it('B2.8 a value that somebody wrote in the meantime is left alone', async () => {
    const office = new Office(ops);
    const [id = ''] = await office.launch();
    const changes = await planned(office, id);
    await office.tag(id, { Owner: 'carla' });

    expect((await actAll(changes, office.around)).get(id)).toEqual({
      result: 'left',
      code: 'changed',
      reason: 'Its tag Owner was changed meanwhile; it is judged anew next time.',
    });
    expect(await office.tagsOf(id)).toEqual({ Owner: 'carla' });
  });

  it.each([
    ['exempted', { 'reeve:exempt': 'T-1 until 2026-12-01' }, 'Its exemption was changed meanwhile.'],
    ['exempted by a misspelt key', { 'Reeve:Exempt': 'T-1' }, 'Its exemption was changed meanwhile.'],
    ['protected', { env: 'prod' }, 'It carries the protecting tag env=prod.'],
    [
      'named as what is protected',
      { Name: 'bastion-1' },
      'Its name matches the protected pattern bastion-*.',
    ],
  ])(
    'B6.21 one that was %s since it was judged gets no tag, and its neighbour does',
    async (_how, tags, why) => {
      const office = new Office(ops);
      office.guard = { protect: { ids: [], names: ['bastion-*'], tags: ['env=prod'] } };
      const ids = await office.launch({}, 2);
      await office.pass(60);
      office.sandbox.world.faults.add({
        operation: 'DescribeInstances',
        kind: 'run',
        after: 1,
        times: 1,
        effect: () => office.tag(ids[0] ?? '', tags),
      });

      const { results } = await office.sweep();

      const outcomes = ids.map((id) => results.find(({ resource }) => resource.id === id)?.outcome);
      expect(outcomes).toMatchObject([
        { outcome: 'skipped', code: 'protected', reason: why },
        { outcome: 'done' },
      ]);
      expect(await office.tagsOf(ids[0] ?? '')).toEqual(tags);
    },
  );

  it('a denied read or write changes nothing and is told', async () => {
    for (const operation of ['DescribeInstances', 'CreateTags']) {
      const office = new Office(ops);
      const [id = ''] = await office.launch();
      const changes = await planned(office, id);
      office.sandbox.world.faults.add({ operation, kind: 'denied' });

      expect((await actAll(changes, office.around)).get(id)).toMatchObject({
        result: 'failed',
        code: 'UnauthorizedOperation',
      });
    }
  });

  it('B2.20 what the organisation denies is not tried again, and told as its own', async () => {
    const office = new Office({ tags: [{ key: 'CostCenter', default: '300' }], ...INSTANCES });
    const { account } = office.place;
    const { rootId } = seedOrganization(office.sandbox.world, [{ id: account }]);
    const client = office.client(organizations.OrganizationsClient);
    const rule = { tag_key: { '@@assign': 'CostCenter' }, tag_value: { '@@assign': ['100'] } };
    const Content = JSON.stringify({
      tags: { costcenter: { ...rule, enforced_for: { '@@assign': ['ec2:instance'] } } },
    });
    const { Policy } = await client.send(
      new organizations.CreatePolicyCommand({ Name: 'tags', Description: '', Type: 'TAG_POLICY', Content }),
    );
    const PolicyId = Policy?.PolicySummary?.Id ?? '';
    await client.send(new organizations.AttachPolicyCommand({ PolicyId, TargetId: rootId }));
    const [id = ''] = await office.launch();
    const changes = await planned(office, id);
    office.sandbox.world.forgetCalls();

    expect((await actAll(changes, office.around)).get(id)).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(/^Denied by the organisation/),
    });
    expect(office.calls()).toEqual(['DescribeInstances', 'CreateTags']);
  });
});

describe('stopping', () => {
  const stopping = { tags: [{ key: 'Owner' }], ...INSTANCES, onDeadline: 'stop' };
  const due = { 'reeve:enforce-tags': 'stop@2020-01-01T00:00Z' };

  it('stops those that are due in one call, and starts them again on undo', async () => {
    const office = new Office(stopping);
    const ids = await office.launch(due, 2);
    await office.pass(5);
    const changes = await planned(office, ...ids);
    office.sandbox.world.forgetCalls();

    const ended = await actAll(changes, office.around);

    expect(office.calls()).toEqual(['DescribeInstances', 'StopInstances']);
    const [id = ''] = ids;
    const acted = ended.get(id);
    if (acted?.result !== 'done') throw new Error('not done');
    await office.pass(5);
    expect(await stateOf(office, id)).toBe('stopped');

    await undo(changes[0]?.change.before ?? null, acted.after, office.aws);
    await office.pass(5);
    expect(await stateOf(office, id)).toBe('running');
  });

  async function stopped(office: Office) {
    const [id = ''] = await office.launch(due);
    await office.pass(5);
    const [doing] = await planned(office, id);
    const acted = doing && (await actAll([doing], office.around)).get(id);
    if (acted?.result !== 'done') throw new Error('not done');
    await office.pass(5);
    return { id, undone: () => undo(doing?.change.before ?? null, acted.after, office.aws) };
  }

  it('B6.18 what somebody started since is not started again, and what he stopped since stays so', async () => {
    const office = new Office(stopping);
    const { id, undone } = await stopped(office);
    await office.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await office.pass(5);
    expect(await undone()).toMatchObject({ result: 'gone', reason: `${id} runs already.` });

    await office.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await office.pass(5);
    expect(await undone()).toMatchObject({ result: 'left', code: 'changed' });
    expect(await stateOf(office, id)).toBe('stopped');
  });

  it('B2.40 B6.21 one that somebody tagged since it was judged, perhaps to exempt it, is left running', async () => {
    const office = new Office(stopping);
    const [id = ''] = await office.launch(due);
    await office.pass(5);
    const changes = await planned(office, id);
    await office.tag(id, { 'reeve:exempt': 'T-1 until 2026-12-01' });

    expect((await actAll(changes, office.around)).get(id)).toMatchObject({ result: 'left', code: 'changed' });
    expect(await stateOf(office, id)).toBe('running');
  });

  it('one that may not be stopped does not keep the others running', async () => {
    const office = new Office(stopping);
    const ids = await office.launch(due, 3);
    await office.pass(5);
    const changes = await planned(office, ...ids);
    office.sandbox.world.faults.add({
      operation: 'StopInstances',
      kind: 'error',
      code: 'OperationNotPermitted',
      status: 400,
      when: (input) => JSON.stringify(input).includes(ids[1] ?? ''),
    });

    const ended = await actAll(changes, office.around);

    expect(ids.map((id) => ended.get(id)?.result)).toEqual(['done', 'failed', 'done']);
  });
});

describe('taking it back', () => {
  const move = {
    tags: [{ key: 'Owner' }, { key: 'Team', default: 'web' }],
    ...INSTANCES,
    wrongCase: { keys: 'move' },
  };

  async function done(office: Office, id: string) {
    const [doing] = await planned(office, id);
    const acted = doing && (await actAll([doing], office.around)).get(id);
    if (acted?.result !== 'done') throw new Error('not done');
    return { before: doing?.change.before ?? null, after: acted.after };
  }

  it('B2.37 removes just what was written and gives back what was taken, twice is once', async () => {
    const office = new Office(move);
    const [id = ''] = await office.launch({ owner: 'ana', Name: 'x' });
    const { before, after } = await done(office, id);
    expect(await office.tagsOf(id)).toEqual({ Owner: 'ana', Team: 'web', Name: 'x' });

    for (let times = 0; times < 2; times++) {
      expect(await undo(before, after, office.aws)).toMatchObject({ result: 'done' });
      expect(await office.tagsOf(id)).toEqual({ owner: 'ana', Name: 'x' });
    }
  });

  it('a value in another case gets its old writing back', async () => {
    const office = new Office({
      tags: [{ key: 'Environment', values: ['prod'] }],
      ...INSTANCES,
      wrongCase: { values: 'fix' },
    });
    const [id = ''] = await office.launch({ Environment: 'Prod' });
    const { before, after } = await done(office, id);
    expect(await office.tagsOf(id)).toEqual({ Environment: 'prod' });

    await undo(before, after, office.aws);

    expect(await office.tagsOf(id)).toEqual({ Environment: 'Prod' });
  });

  it('B2.37 B6.18 a tag that has another value by now is not taken away, and nothing else is', async () => {
    const office = new Office(move);
    const [id = ''] = await office.launch({ Name: 'x', Owner: 'ana' });
    const { before, after } = await done(office, id);
    await office.tag(id, { Team: 'data' });

    expect(await undo(before, after, office.aws)).toEqual({
      result: 'failed',
      code: 'changed',
      reason: 'Nothing was taken back: Team is "data" by now.',
    });
    expect(await office.tagsOf(id)).toEqual({ Name: 'x', Owner: 'ana', Team: 'data' });
  });

  it('what is gone needs no undo, and a denied one is told', async () => {
    const office = new Office(move);
    const [id = ''] = await office.launch({ Owner: 'ana' });
    const { before, after } = await done(office, id);
    const fault = office.sandbox.world.faults.add({ operation: 'DeleteTags', kind: 'denied' });
    expect(await undo(before, after, office.aws)).toMatchObject({
      result: 'failed',
      code: 'UnauthorizedOperation',
    });
    fault.remove();
    await office.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));

    expect(await undo(before, after, office.aws)).toMatchObject({ result: 'gone' });
  });
});
