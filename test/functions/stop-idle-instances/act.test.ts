import {
  CreateTagsCommand,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { actAll } from '../../../functions/stop-idle-instances/act.ts';
import { policy } from '../../../functions/stop-idle-instances/policy.ts';
import { type Power, starting, stopping } from '../../../functions/stop-idle-instances/remedy.ts';
import { undo } from '../../../functions/stop-idle-instances/undo.ts';
import type { InstanceWish } from '../../../sandbox/services/ec2/instances/seed.ts';
import { seedInstances, seedWhim } from '../../../sandbox/services/ec2/instances/seed.ts';
import { Lab, ref } from './lab.ts';

/** Changes for these instances as they are now, as if they had been judged. */
async function changes(lab: Lab, ids: readonly string[], { unprotected = true, start = false } = {}) {
  const { resources } = await lab.found(...ids.map(ref));
  return resources.map((resource) => ({
    resource,
    change: start ? starting(resource) : stopping(resource, unprotected),
  }));
}

function machines(lab: Lab, count: number, wish: InstanceWish = {}): readonly string[] {
  return seedInstances(lab.inside, count, { instanceType: 'm5.large', ...wish });
}

const results = (acted: ReadonlyMap<string, { readonly result: string }>) =>
  new Map([...acted].map(([id, { result }]) => [id, result]));

const stops = (lab: Lab) => lab.calls().filter((call) => call === 'StopInstances').length;

describe('stopping', () => {
  it('B1.47 takes fifty in a call, after one look at all of them', async () => {
    const lab = new Lab();
    const ids = machines(lab, 51);
    const todo = await changes(lab, ids);
    lab.sandbox.world.forgetCalls();

    const acted = await actAll(todo, lab.around);

    expect([...results(acted).values()]).toEqual(ids.map(() => 'done'));
    expect(lab.calls()).toEqual(['DescribeInstances', 'StopInstances', 'StopInstances']);
    expect(acted.get(ids[0] ?? '')).toMatchObject({
      after: { state: 'stopping' },
      requestId: expect.any(String),
    });
  });

  it('B1.47 B1.4 one that is gone when the call comes does not keep the others running', async () => {
    const lab = new Lab();
    const ids = machines(lab, 8);
    const todo = await changes(lab, ids);
    const [gone = ''] = ids;
    lab.sandbox.world.faults.add({
      operation: 'StopInstances',
      kind: 'error',
      code: 'InvalidInstanceID.NotFound',
      status: 400,
      when: (input) => JSON.stringify(input).includes(gone),
    });

    const acted = await actAll(todo, lab.around);

    expect(acted.get(gone)).toMatchObject({ result: 'failed', code: 'InvalidInstanceID.NotFound' });
    expect([...results(acted).values()].filter((result) => result === 'done')).toHaveLength(7);
    expect(stops(lab)).toBeLessThanOrEqual(7);
  });

  it('B1.49 one of the wrong state is dropped, and the rest is tried again to its end', async () => {
    const lab = new Lab();
    const ids = machines(lab, 5);
    const todo = await changes(lab, ids);
    const [odd = ''] = ids.slice(2);
    lab.sandbox.world.faults.add({
      operation: 'StopInstances',
      kind: 'error',
      code: 'IncorrectInstanceState',
      status: 400,
      when: (input) => JSON.stringify(input).includes(odd),
    });

    const acted = await actAll(todo, lab.around);

    expect(acted.get(odd)).toMatchObject({ result: 'failed', code: 'IncorrectInstanceState' });
    for (const id of ids) expect(await lab.state(id)).toBe(id === odd ? 'running' : 'stopping');
  });

  it('B1.27 B1.48 a protected one is taken out first, and stays protected', async () => {
    const lab = new Lab();
    const ids = machines(lab, 4);
    const [safe = ''] = ids;
    await lab.ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: safe, DisableApiStop: { Value: true } }),
    );
    const todo = await changes(lab, ids, { unprotected: false });
    lab.sandbox.world.forgetCalls();

    const acted = await actAll(todo, lab.around);

    expect(acted.get(safe)).toMatchObject({ result: 'left', code: 'protected' });
    expect(stops(lab)).toBe(1);
    expect(lab.calls()).not.toContain('ModifyInstanceAttribute');
    expect(await lab.state(safe)).toBe('running');
  });

  it('B1.48 one that is protected only now keeps the others of its zone for one call, not for good', async () => {
    const lab = new Lab();
    const ids = machines(lab, 6);
    const todo = await changes(lab, ids);
    const [safe = ''] = ids;
    await lab.ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: safe, DisableApiStop: { Value: true } }),
    );

    const acted = await actAll(todo, lab.around);

    expect(acted.get(safe)).toMatchObject({ result: 'failed', code: 'OperationNotPermitted' });
    const rest = ids.slice(1);
    expect(rest.map((id) => acted.get(id)?.result)).toEqual(rest.map(() => 'done'));
    for (const id of rest) expect(await lab.state(id)).toBe('stopping');
  });

  it('B1.28 termination protection does not matter', async () => {
    const lab = new Lab();
    const [id = ''] = machines(lab, 1);
    await lab.ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: true } }),
    );

    expect((await actAll(await changes(lab, [id]), lab.around)).get(id)).toMatchObject({ result: 'done' });
  });

  it('B1.29 one that terminates on shutdown from inside is only stopped by a stop', async () => {
    const lab = new Lab();
    const [id = ''] = machines(lab, 1);
    const InstanceInitiatedShutdownBehavior = { Value: 'terminate' };
    await lab.ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceInitiatedShutdownBehavior }),
    );

    await actAll(await changes(lab, [id]), lab.around);
    await lab.sandbox.world.clock.advance(60_000);

    expect(await lab.state(id)).toBe('stopped');
  });

  it.each<{ when: string; spoil: (lab: Lab, id: string) => Promise<unknown>; expected: object }>([
    {
      when: 'B1.46 tagged',
      spoil: (lab, id) =>
        lab.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'keep', Value: '' }] })),
      expected: { result: 'left', code: 'changed' },
    },
    {
      when: 'B1.50 stopped',
      spoil: (lab, id) => lab.ec2.send(new StopInstancesCommand({ InstanceIds: [id] })),
      expected: { result: 'gone', reason: 'It is stopping by now; somebody else did that.' },
    },
    {
      when: 'B1.46 stopped and started',
      spoil: async (lab, id) => {
        await lab.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
        await lab.sandbox.world.clock.advance(60_000);
        await lab.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
        await lab.sandbox.world.clock.advance(60_000);
      },
      expected: { result: 'left', code: 'changed', reason: 'It was started again meanwhile.' },
    },
    {
      when: 'B1.3 terminated',
      spoil: (lab, id) => lab.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
      expected: { result: 'gone' },
    },
  ])('$when meanwhile: not touched', async ({ spoil, expected }) => {
    const lab = new Lab();
    const [id = '', other = ''] = machines(lab, 2);
    const todo = await changes(lab, [id, other]);
    await spoil(lab, id);

    const acted = await actAll(todo, lab.around);

    expect(acted.get(id)).toMatchObject(expected);
    expect(acted.get(other)).toMatchObject({ result: 'done' });
  });

  it('B1.50 an answer that was lost and asked for again is still ours', async () => {
    const lab = new Lab();
    const [id = ''] = machines(lab, 1);
    const todo = await changes(lab, [id]);
    lab.sandbox.world.faults.add({ operation: 'StopInstances', kind: 'timeout-after', times: 1 });

    expect((await actAll(todo, lab.around)).get(id)).toMatchObject({ result: 'done' });
  });

  it.each([
    ['timeout' as const, true],
    ['denied' as const, false],
    ['throttle' as const, false],
  ])('an answer of %s fails all of the call, without trying them one by one', async (kind, uncertain) => {
    const lab = new Lab();
    const ids = machines(lab, 4);
    const todo = await changes(lab, ids);
    lab.sandbox.world.forgetCalls();
    lab.sandbox.world.faults.add({ operation: 'StopInstances', kind });

    const acted = await actAll(todo, lab.around);

    expect([...results(acted).values()]).toEqual(ids.map(() => 'failed'));
    for (const one of acted.values()) expect('uncertain' in one).toBe(uncertain);
    expect(stops(lab)).toBeLessThanOrEqual(3);
  });

  it('a last look that is denied stops nothing', async () => {
    const lab = new Lab();
    const ids = machines(lab, 2);
    const todo = await changes(lab, ids);
    lab.sandbox.world.faults.add({ operation: 'DescribeInstances', kind: 'denied', times: 1 });

    const acted = await actAll(todo, lab.around);

    expect([...results(acted).values()]).toEqual(['failed', 'failed']);
    expect(stops(lab)).toBe(0);
  });

  it('a protection that cannot be read protects', async () => {
    const lab = new Lab();
    const [id = ''] = machines(lab, 1);
    const todo = await changes(lab, [id], { unprotected: false });
    lab.sandbox.world.faults.add({ operation: 'DescribeInstanceAttribute', kind: 'denied' });

    expect((await actAll(todo, lab.around)).get(id)).toMatchObject({ result: 'failed' });
    expect(await lab.state(id)).toBe('running');
  });

  it('B1.22 B1.24 what cannot be stopped fails alone, if it ever comes that far', async () => {
    const lab = new Lab();
    const [spot = ''] = machines(lab, 1, { spot: { type: 'one-time', interruption: 'terminate' } });
    const [plain = ''] = machines(lab, 1);

    const acted = await actAll(await changes(lab, [spot, plain]), lab.around);

    expect(acted.get(spot)).toMatchObject({ result: 'failed', code: 'UnsupportedOperation' });
    expect(acted.get(plain)).toMatchObject({ result: 'done' });
  });

  it('one alone goes the same way', async () => {
    const lab = new Lab();
    const [id = ''] = machines(lab, 1);
    const [todo] = await changes(lab, [id]);
    if (todo === undefined) throw new Error('nothing to do');

    expect(await policy.act(todo.change, todo.resource, lab.around)).toMatchObject({ result: 'done' });
  });

  it('stops, hibernations and starts of one batch go in calls of their own', async () => {
    const lab = new Lab();
    const run = machines(lab, 2);
    const sleepy = machines(lab, 1, { more: { hibernation: true } });
    const down = machines(lab, 1, { state: 'stopped' });
    const todo = [
      ...(await changes(lab, [...run, ...sleepy])),
      ...(await changes(lab, down, { start: true })),
    ];
    lab.sandbox.world.forgetCalls();

    const acted = await actAll(todo, lab.around);

    expect([...results(acted).values()]).toEqual(['done', 'done', 'done', 'done']);
    expect(lab.calls()).toEqual(['DescribeInstances', 'StopInstances', 'StopInstances', 'StartInstances']);
  });
});

describe('undo', () => {
  async function stopped(): Promise<{ lab: Lab; id: string; before: Power['before'] }> {
    const lab = new Lab();
    const [id = ''] = machines(lab, 1);
    const [todo] = await changes(lab, [id]);
    if (todo === undefined) throw new Error('nothing to do');
    await actAll([todo], lab.around);
    await lab.sandbox.world.clock.advance(60_000);
    return { lab, id, before: JSON.parse(JSON.stringify(todo.change.before)) };
  }

  it('B1.2 starts what was stopped; twice is once', async () => {
    const { lab, id, before } = await stopped();

    expect(await undo(before, lab.around)).toMatchObject({ result: 'done', after: { state: 'running' } });
    expect(await lab.state(id)).toBe('running');
    expect(await undo(before, lab.around)).toMatchObject({ result: 'gone' });
  });

  it.each([
    ['InsufficientInstanceCapacity', /no room for it in its zone/],
    ['InsufficientHostCapacity', /dedicated host/],
    ['VcpuLimitExceeded', /no more vCPUs/],
    ['InstanceLimitExceeded', /no more instances/],
  ])('B1.53 %s is told in words', async (code, says) => {
    const { lab, before } = await stopped();
    lab.sandbox.world.faults.add({ operation: 'StartInstances', kind: 'error', code, status: 500 });

    const acted = await undo(before, lab.around);

    expect(acted).toMatchObject({ result: 'failed', code, reason: expect.stringMatching(says) });
    expect('uncertain' in acted).toBe(false);
  });

  it('B1.54 one that falls back to stopped tells why', async () => {
    const { lab, id, before } = await stopped();
    const startFails = {
      Code: 'Client.InvalidKMSKey.InvalidState',
      Message: 'Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state',
    };
    seedWhim(lab.inside, id, { startFails });

    expect(await undo(before, lab.around)).toMatchObject({
      result: 'failed',
      code: 'start-failed',
      reason: expect.stringMatching(/fell back to stopped: .*KMS key/),
    });
  });

  it('leaves alone what somebody started and stopped since', async () => {
    const { lab, id, before } = await stopped();
    await lab.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await lab.sandbox.world.clock.advance(60_000);
    await lab.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await lab.sandbox.world.clock.advance(60_000);

    expect(await undo(before, lab.around)).toMatchObject({ result: 'left', code: 'changed' });
    expect(await lab.state(id)).toBe('stopped');
  });

  it('B1.3 has nothing to start where it was terminated', async () => {
    const { lab, id, before } = await stopped();
    await lab.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));

    expect(await undo(before, lab.around)).toMatchObject({ result: 'gone' });
  });

  it('stops what was started', async () => {
    const lab = new Lab();
    const [id = ''] = machines(lab, 1, { state: 'stopped' });
    const [todo] = await changes(lab, [id], { start: true });
    if (todo === undefined) throw new Error('nothing to do');
    await actAll([todo], lab.around);
    await lab.sandbox.world.clock.advance(60_000);

    expect(await undo(todo.change.before, lab.around)).toMatchObject({ result: 'done' });
    expect(await lab.state(id)).toBe('stopping');
    expect(await undo(todo.change.before, lab.around)).toMatchObject({ result: 'gone' });
  });
});
