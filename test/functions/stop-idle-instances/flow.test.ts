import { CreateTagsCommand, StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { QUIET } from '../../../sandbox/services/ec2/instances/measures.ts';
import { seedHealth, seedWhim } from '../../../sandbox/services/ec2/instances/seed.ts';
import { Lab, ref } from './lab.ts';

const busy = { CPUUtilization: (at: number) => (at % 86_400_000 < 600_000 ? 60 : 1) };

describe('a sweep', () => {
  it('B1.10 stops what is idle, leaves what works by night, and says why', async () => {
    const lab = new Lab();
    const idle = lab.machine({ tags: [{ Key: 'Name', Value: 'forgotten' }] });
    const batch = lab.machine({}, busy);

    const report = await lab.sweep();

    expect(await lab.state(idle)).toBe('stopping');
    expect(await lab.state(batch)).toBe('running');
    expect(report.counts).toMatchObject({ scanned: 2, compliant: 1, done: 1 });
    expect(report.results[0]).toMatchObject({
      verdict: { reasonCode: 'idle', monthlySaving: 78.11 },
      outcome: { outcome: 'done', code: 'remedied' },
    });
    expect(lab.journal.entries).toMatchObject([
      { action: 'stop-instances', before: { state: 'running' }, outcome: { result: 'done' } },
    ]);
  });

  it('needs few calls: what is busy costs one metric, and no question about its surroundings', async () => {
    const lab = new Lab();
    lab.machines(30, {}, busy);
    lab.sandbox.world.forgetCalls();

    await lab.sweep();

    expect(lab.calls()).toEqual(['DescribeInstances', 'GetMetricData']);
  });

  it('in report mode only tells', async () => {
    const lab = new Lab();
    lab.guard = { mode: 'report' };
    const idle = lab.machine();

    const report = await lab.sweep();

    expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'report-mode' });
    expect(await lab.state(idle)).toBe('running');
    expect(lab.calls()).not.toContain('StopInstances');
  });

  it('B6.3 above its cap does nothing at all', async () => {
    const lab = new Lab();
    lab.guard = { caps: { count: 2, percent: 100 } };
    const idle = lab.machines(3);

    await lab.sweep();

    for (const id of idle) expect(await lab.state(id)).toBe('running');
  });

  it('B1.2 B1.66 once more finds nothing left to do', async () => {
    const lab = new Lab();
    lab.machine();
    await lab.sweep();
    await lab.sandbox.world.clock.advance(60_000);
    lab.sandbox.world.forgetCalls();

    const report = await lab.sweep();

    expect(report.counts).toMatchObject({ compliant: 1, violations: 0 });
    expect(lab.calls()).toEqual(['DescribeInstances']);
  });

  it('B1.6 a machine without any metrics is unknown, and costs no second look', async () => {
    const lab = new Lab();
    const nothing = Object.fromEntries(Object.keys(QUIET).map((name) => [name, undefined]));
    lab.machine({}, nothing);
    lab.sandbox.world.forgetCalls();

    const report = await lab.sweep();

    expect(report.results[0]?.verdict).toMatchObject({ verdict: 'unknown', reasonCode: 'insufficient-data' });
    expect(lab.calls()).toEqual(['DescribeInstances', 'GetMetricData']);
  });
});

describe('between judging and stopping', () => {
  it('B1.46 a keep tag that is set meanwhile saves the instance', async () => {
    const lab = new Lab();
    const id = lab.machine();
    let described = 0;
    lab.sandbox.world.faults.add({
      operation: 'DescribeInstances',
      kind: 'run',
      effect: async () => {
        described += 1;
        if (described !== 2) return;
        const Tags = [{ Key: 'reeve:keep-until', Value: '2027-01-01' }];
        await lab.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
      },
    });

    const report = await lab.sweep();

    expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'changed' });
    expect(await lab.state(id)).toBe('running');
  });

  it('B1.50 what somebody else stops meanwhile is not ours', async () => {
    const lab = new Lab();
    const id = lab.machine();
    lab.sandbox.world.faults.add({
      operation: 'StopInstances',
      kind: 'run',
      times: 1,
      when: (_input, { principal }) => principal.arn.endsWith('user/reeve'),
      effect: async () => void (await lab.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }))),
    });

    const report = await lab.sweep();

    expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'gone' });
    expect(lab.journal.entries).toMatchObject([{ outcome: { result: 'gone', after: null } }]);
  });

  it('B1.51 one that stays in stopping is told about, and never forced', async () => {
    const lab = new Lab();
    const id = lab.machine();
    seedWhim(lab.inside, id, { staysStopping: true });
    await lab.sweep();
    await lab.sandbox.world.clock.advance(31 * 60_000);

    const report = await lab.sweep();

    expect(report.results[0]?.verdict).toMatchObject({ reasonCode: 'stuck-stopping', remedy: undefined });
    expect(lab.calls().filter((call) => call === 'StopInstances')).toHaveLength(1);
  });

  it('B1.26 hibernates where that is configured, and journals what really came of it', async () => {
    const lab = new Lab();
    const id = lab.machine({ more: { hibernation: true } });

    await lab.sweep();

    expect((await lab.described(id))?.StateReason?.Code).toBe('Client.UserInitiatedHibernate');
    expect(lab.journal.entries).toMatchObject([
      { outcome: { after: { instanceId: id, state: 'stopping' } } },
    ]);
  });
});

describe('faults', () => {
  it('B1.8 a throttled metric call leaves its own instances unknown, and nobody is lost', async () => {
    const lab = new Lab();
    lab.machines(3);
    lab.sandbox.world.faults.add({ operation: 'GetMetricData', kind: 'throttle' });

    const report = await lab.sweep();

    expect(report.counts).toMatchObject({ scanned: 3, unknown: 3, done: 0 });
    expect(report.results[0]?.verdict.reason).toMatch(/CloudWatch did not answer/);
  });

  it('B1.8 a throttled first call is asked again', async () => {
    const lab = new Lab();
    const id = lab.machine();
    lab.sandbox.world.faults.add({ operation: 'GetMetricData', kind: 'throttle', times: 1 });

    await lab.sweep();

    expect(await lab.state(id)).toBe('stopping');
  });

  it.each([
    'DescribeInstanceTypes',
    'DescribeInstanceStatus',
    'DescribeAutoScalingGroups',
    'DescribeTargetGroups',
    'DescribeLoadBalancers',
    'DescribeInstanceAttribute',
  ])('a denied %s leaves the instance running, and says so', async (operation) => {
    const lab = new Lab();
    const id = lab.machine();
    lab.sandbox.world.faults.add({ operation, kind: 'denied' });

    const report = await lab.sweep();

    expect(report.results[0]?.verdict.verdict).toBe('unknown');
    expect(report.results[0]?.verdict.reason).toMatch(/UnauthorizedOperation|AccessDenied/);
    expect(await lab.state(id)).toBe('running');
  });

  it('a journal that cannot be read keeps all running', async () => {
    const lab = new Lab();
    const id = lab.machine();
    lab.journal.broken.add('recent');

    const report = await lab.sweep();

    expect(report.results[0]?.verdict).toMatchObject({ verdict: 'unknown', reasonCode: 'journal' });
    expect(await lab.state(id)).toBe('running');
  });

  it('B1.19 B1.20 impaired, or with a planned event: told, not stopped', async () => {
    const lab = new Lab();
    const broken = lab.machine({}, { StatusCheckFailed: 1 });
    const planned = lab.machine();
    const events = [
      { code: 'instance-retirement', description: 'old host', notBefore: new Date('2026-12-01') } as const,
    ];
    seedHealth(lab.inside, planned, { events });

    await lab.sweep();

    expect(await lab.fate(broken)).toBe('told idle-impaired');
    expect(await lab.fate(planned)).toBe('told idle-scheduled-event');
  });
});

describe('B1.59 an owner who starts it again', () => {
  it('B1.59 is left alone for the cool-down, although the window is short', async () => {
    const lab = new Lab();
    lab.settings = { windowDays: 1, graceHours: 0, restart: { coolDownHours: 48 } };
    const id = lab.machine();
    await lab.sweep();
    await lab.sandbox.world.clock.advance(60_000);
    (await lab.sandbox.world.invoke) as unknown;
    await lab.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await lab.sandbox.world.clock.advance(30 * 3_600_000);

    expect(await lab.fate(id)).toBe('compliant cool-down');
    await lab.sandbox.world.clock.advance(20 * 3_600_000);
    expect(await lab.fate(id)).toBe('stop');
  });
});

describe('office hours', () => {
  it('stops at closing time and starts again in the morning, by the journal', async () => {
    const lab = new Lab({ now: new Date('2026-11-02T18:30:00Z') });
    lab.settings = { hours: { schedule: 'mon-fri 08:00-19:00 Europe/Berlin', only: ['env=dev'] } };
    const tags = [{ Key: 'env', Value: 'dev' }];
    const id = lab.machine({ tags }, { CPUUtilization: 80 });

    expect((await lab.sweep()).results[0]).toMatchObject({
      verdict: { reasonCode: 'outside-hours' },
      outcome: { outcome: 'done' },
    });
    await lab.sandbox.world.clock.advance(12 * 3_600_000);
    expect(await lab.state(id)).toBe('stopped');
    expect((await lab.sweep()).counts).toMatchObject({ compliant: 1 });

    await lab.sandbox.world.clock.advance(3_600_000);
    expect((await lab.sweep()).results[0]).toMatchObject({
      verdict: { reasonCode: 'within-hours' },
      outcome: { outcome: 'done' },
    });
    await lab.sandbox.world.clock.advance(60_000);
    expect(await lab.state(id)).toBe('running');
  });

  it('B5.38 what the hours stopped on two evenings is two findings, each told in its morning', async () => {
    const lab = new Lab({ now: new Date('2026-11-02T18:30:00Z') });
    lab.machine({ tags: [{ Key: 'reeve:hours', Value: 'mon-fri 08:00-19:00 Europe/Berlin' }] });
    const found: unknown[] = [];
    for (const hours of [13, 11, 13, 11]) {
      const { verdict } = (await lab.sweep()).results[0] ?? {};
      if (verdict?.reasonCode === 'within-hours') found.push(verdict.evidence);
      await lab.sandbox.world.clock.advance(hours * 3_600_000);
    }
    expect(found).toEqual(
      ['2026-10-03T18:30:00.000Z', '2026-11-03T07:30:00.000Z'].map((launchTime) => [
        { hours: 'mon-fri 08:00-19:00 Europe/Berlin', launchTime },
      ]),
    );
  });

  it('without journal and tag starts nothing', async () => {
    const lab = new Lab();
    lab.settings = { hours: { schedule: 'daily 08:00-19:00' } };
    const id = lab.machine({ state: 'stopped' });

    await lab.sweep();

    expect(await lab.state(id)).toBe('stopped');
  });

  it('B1.57 what a person stopped at night stays stopped in the morning', async () => {
    const lab = new Lab({ now: new Date('2026-11-03T09:00:00Z') });
    const id = lab.machine({
      state: 'stopped',
      launchTime: new Date('2026-10-31T02:00:00Z'),
      tags: [{ Key: 'reeve:hours', Value: 'mon-fri 08:00-19:00' }],
    });

    expect((await lab.sweep()).counts).toMatchObject({ compliant: 1, violations: 0 });

    expect(await lab.state(id)).toBe('stopped');
  });

  it('B1.53 a start without room fails, and is told', async () => {
    const lab = new Lab({ now: new Date('2026-11-02T20:00:00Z') });
    lab.settings = {};
    const id = lab.machine({ tags: [{ Key: 'reeve:hours', Value: 'mon-fri 08:00-19:00' }] });
    await lab.sweep();
    await lab.sandbox.world.clock.advance(13 * 3_600_000);
    lab.sandbox.world.faults.add({
      operation: 'StartInstances',
      kind: 'error',
      code: 'InsufficientInstanceCapacity',
      status: 500,
    });

    const report = await lab.sweep();

    expect(report.results[0]?.outcome).toMatchObject({
      outcome: 'failed',
      code: 'InsufficientInstanceCapacity',
      reason: expect.stringMatching(/no room for it in its zone right now/),
    });
    expect(await lab.state(id)).toBe('stopped');
  });
});

it('B1.5 an id that is none is not asked about', async () => {
  const lab = new Lab();
  lab.sandbox.world.forgetCalls();

  const { missing } = await lab.found(ref('i-0a81k3ndl29175220'));

  expect(missing).toMatchObject([{ why: 'unresolved' }]);
  expect(lab.calls()).toEqual([]);
});
