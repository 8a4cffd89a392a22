import { describe, expect, it } from 'vitest';
import { QUIET } from '../../../sandbox/services/ec2/instances/measures.ts';
import { Lab } from './lab.ts';

describe('ten thousand instances, one in twenty idle', () => {
  it('B1.45 cost 12 descriptions and 40 metric calls at most, and none is lost', async () => {
    const lab = new Lab();
    lab.guard = { mode: 'report' };
    const hot = Object.fromEntries(Object.keys(QUIET).map((name) => [name, undefined]));
    lab.machines(9500, {}, { ...hot, CPUUtilization: 40 }, 3600);
    lab.machines(500, {}, {}, 3600);
    lab.sandbox.world.forgetCalls();

    const report = await lab.sweep();

    const calls = lab.calls();
    const described = calls.filter((call) => /^Describe(Instance|Spot)/.test(call));
    const measured = calls.filter((call) => call === 'GetMetricData');
    expect(report.counts).toMatchObject({ scanned: 10_000, compliant: 9500, violations: 500, unknown: 0 });
    expect(described.length).toBeLessThanOrEqual(12);
    expect(measured.length).toBeLessThanOrEqual(40);
    // What may forbid a stop, or pays for it anyway: one question each.
    const others = calls.filter((call) => !described.includes(call) && call !== 'GetMetricData');
    expect(others.toSorted()).toEqual([
      'DescribeAutoScalingGroups',
      'DescribeLoadBalancers',
      'DescribeReservedInstances',
      'DescribeSessions',
      'DescribeSessions',
      'DescribeTargetGroups',
    ]);
  }, 120_000);

  it('B1.8 a throttled call drops nobody and condemns nobody', async () => {
    const lab = new Lab();
    lab.guard = { mode: 'report' };
    lab.machines(1200, {}, {}, 3600);
    lab.sandbox.world.faults.add({ operation: 'GetMetricData', kind: 'throttle', after: 1, times: 3 });

    const { counts } = await lab.sweep();

    expect(counts.scanned).toBe(1200);
    expect(counts.unknown + counts.violations).toBe(1200);
  }, 60_000);
});
