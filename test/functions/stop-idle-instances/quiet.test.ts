import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts, Lookup } from '../../../functions/stop-idle-instances/facts.ts';
import {
  expectedPoints,
  fineMetrics,
  PEAK,
  windowOf,
} from '../../../functions/stop-idle-instances/metrics.ts';
import { listed, type Points, pointsOf } from '../../../shared/aws/cloudwatch/points.ts';
import { activity, fate, type Measured, NOW, set, verdictOn } from './builders.ts';

const measured = (given: Measured, more: object = {}) => ({ facts: { activity: activity(given) }, ...more });
const big = { value: { vcpus: 96, accelerated: false, instanceStorage: false } };

describe('each signal has its threshold, and idle is below it', () => {
  const MB_A_DAY = 5_000_000 / 24;
  it.each<{ when: string; quiet: Measured; busy: Measured }>([
    { when: 'B1.10 the peak of CPU', quiet: { 'cpu-peak': 4.99 }, busy: { 'cpu-peak': 5 } },
    {
      when: 'B1.10 one nightly spike in two weeks',
      quiet: { 'cpu-peak': (day) => (day === 5 ? 4 : 1) },
      busy: { 'cpu-peak': (day) => (day === 5 ? 60 : 1) },
    },
    {
      when: 'CPU of the busiest day',
      quiet: { 'cpu-average': (hour) => (hour >= 24 && hour < 48 ? 9.9 : 0) },
      busy: { 'cpu-average': (hour) => (hour >= 24 && hour < 48 ? 10 : 0) },
    },
    {
      when: 'B1.16 network of the busiest day, in and out together',
      quiet: { NetworkIn: MB_A_DAY * 0.5, NetworkOut: MB_A_DAY * 0.49 },
      busy: { NetworkIn: MB_A_DAY * 0.5, NetworkOut: MB_A_DAY * 0.51 },
    },
    {
      when: 'B1.16 packets, as a cross-check',
      quiet: { NetworkPacketsIn: 3600 * 49, NetworkPacketsOut: 3600 * 0.9 },
      busy: { NetworkPacketsIn: 3600 * 49, NetworkPacketsOut: 3600 * 1.1 },
    },
    {
      when: 'B1.17 EBS traffic where there is such a metric',
      quiet: { EBSReadBytes: 0, EBSWriteBytes: 3600 * 99_000 },
      busy: { EBSReadBytes: 3600 * 2_000, EBSWriteBytes: 3600 * 99_000 },
    },
  ])('$when', ({ quiet, busy }) => {
    expect(fate(measured(quiet))).toBe('stop');
    expect(fate(measured(busy))).toBe('compliant busy');
  });

  it('B1.16 the busiest period counts for itself, as bytes a second from the sum', () => {
    const settings = { network: { megabytesPerDay: 1000 } };
    const burst = (bytes: number) => ({
      NetworkIn: (hour: number) => (hour === 9 ? bytes : 0),
      NetworkOut: 0,
    });
    expect(fate({ ...measured(burst(3600 * 4999)), settings })).toBe('stop');
    expect(fate({ ...measured(burst(3600 * 5000)), settings })).toBe('compliant busy');
  });

  it('B1.13 one busy core of 96 is 1 percent, and not idle', () => {
    expect(fate({ facts: { type: big, activity: activity({ 'cpu-peak': 1.04 }) } })).toBe('compliant busy');
    expect(fate({ facts: { type: big, activity: activity({ 'cpu-peak': 0.5 }) } })).toBe('stop');
  });
});

describe('burstable instances', () => {
  const t3 = { instance: { instanceType: 't3.nano' } };
  it.each<{ when: string; given: Measured; becomes: string }>([
    { when: 'B1.11 with credits are judged like any other', given: {}, becomes: 'stop' },
    {
      when: 'B1.11 without credits are capped, not idle',
      given: { CPUCreditBalance: 4.9 },
      becomes: 'compliant busy',
    },
    { when: 'B1.11 with just enough credits', given: { CPUCreditBalance: 5 }, becomes: 'stop' },
    {
      when: 'B1.11 by the latest balance',
      given: { CPUCreditBalance: (hour) => (hour === 335 ? 0 : 100) },
      becomes: 'compliant busy',
    },
    {
      when: 'B1.12 that paid for surplus credits worked',
      given: { CPUSurplusCreditsCharged: (hour) => (hour === 3 ? 0.1 : 0) },
      becomes: 'compliant busy',
    },
    {
      when: 'whose credits are not readable stay unknown',
      given: { CPUCreditBalance: undefined },
      becomes: 'unknown insufficient-data',
    },
  ])('$when', ({ given, becomes }) => {
    expect(fate({ ...t3, ...measured(given) })).toBe(becomes);
  });

  it('B1.12 the extra cost is told', () => {
    expect(verdictOn({ ...t3, ...measured({ CPUSurplusCreditsCharged: 1 }) }).reason).toMatch(/cost extra/);
  });

  it('B1.12 no surplus is told as none', () => {
    const { evidence } = verdictOn(t3);
    expect(evidence).toContainEqual(expect.objectContaining({ signal: 'surplus-credits', value: 0 }));
  });

  it('others have no credits, and none are asked for', () => {
    expect(fineMetrics({ instanceType: 'm5.large' }).map(({ key }) => key)).not.toContain('CPUCreditBalance');
    expect(fate(measured({ CPUCreditBalance: undefined }))).toBe('stop');
  });
});

describe('B1.18 GPUs that the CloudWatch agent tells of', () => {
  const four = { value: { vcpus: 8, accelerated: true, gpus: 4, instanceStorage: false } };
  /** The load of each GPU: one value, a value by the hour, or why it is unknown. */
  const loads = (...given: readonly (number | string | ((hour: number) => number | undefined))[]) => {
    const full = activity();
    const gpus = given.map((load, index): [string, Lookup<Points>] => {
      const hours = (hour: number) => (typeof load === 'function' ? load(hour) : Number(load));
      const value = pointsOf(
        Array.from({ length: 336 }, (_, hour) => hour).flatMap((hour): [number, number][] => {
          const value = hours(hour);
          return value === undefined ? [] : [[full.from + hour * 3_600_000, value]];
        }),
      );
      return [String(index), typeof load === 'string' ? { unknown: load } : { value }];
    });
    return { type: four, activity: { ...full, gpus: new Map(gpus) } };
  };

  it.each([
    { when: 'all quiet', facts: loads(0, 0, 4.9, 0), becomes: 'stop' },
    { when: 'one at the threshold', facts: loads(0, 0, 5, 0), becomes: 'compliant busy' },
    {
      when: 'one busy for an hour',
      facts: loads(0, 0, 0, (hour) => (hour === 100 ? 90 : 0)),
      becomes: 'compliant busy',
    },
    { when: 'one that tells nothing', facts: loads(0, 0, 0), becomes: 'told idle-accelerator' },
    { when: 'none that tells anything', facts: loads(), becomes: 'told idle-accelerator' },
    {
      when: 'one that was not read',
      facts: loads(0, 0, 0, 'PartialData'),
      becomes: 'unknown insufficient-data',
    },
    {
      when: 'enough datapoints of each',
      facts: loads(0, 0, 0, (hour) => (hour < 303 ? 0 : undefined)),
      becomes: 'stop',
    },
    {
      when: 'too few datapoints of one',
      facts: loads(0, 0, 0, (hour) => (hour < 302 ? 0 : undefined)),
      becomes: 'unknown insufficient-data',
    },
    {
      when: 'a type with other accelerators',
      facts: {
        ...loads(0, 0, 0, 0),
        type: { value: { vcpus: 8, accelerated: true, instanceStorage: false } },
      },
      becomes: 'told idle-accelerator',
    },
  ])('$when: $becomes', ({ facts, becomes }) => {
    expect(fate({ facts })).toBe(becomes);
  });

  it('have a threshold of their own, and are told', () => {
    const verdict = verdictOn({ facts: loads(0, 0, 0, 20), settings: { gpu: { peakPercent: 25 } } });
    expect(verdict).toMatchObject({ verdict: 'violation', reasonCode: 'idle' });
    expect(verdict.reason).toContain('a GPU peaked at 20 % (idle is below 25 %)');
  });
});

describe('what is not measured', () => {
  const required = [
    'cpu-peak',
    'cpu-average',
    'NetworkIn',
    'NetworkOut',
    'NetworkPacketsIn',
    'NetworkPacketsOut',
  ];

  it.each(required)('B1.6 %s without datapoints is unknown, never zero', (key) => {
    const verdict = verdictOn(measured({ [key]: () => undefined }));
    expect(verdict).toMatchObject({ verdict: 'unknown', reasonCode: 'insufficient-data' });
    expect(verdict.reason).toContain(`${key} has no datapoints`);
  });

  it.each([...required, 'EBSReadBytes', 'EBSWriteBytes'])('B1.8 %s that was not read is unknown', (key) => {
    expect(fate(measured({ [key]: 'PartialData' }))).toBe('unknown insufficient-data');
    expect(fate(measured({ [key]: undefined }))).toBe('unknown insufficient-data');
  });

  it('B1.7 nine tenths of the datapoints are enough, less are not', () => {
    const some = (count: number) => measured({ NetworkIn: (hour) => (hour < count ? 0 : undefined) });
    expect(fate(some(303))).toBe('stop');
    const verdict = verdictOn(some(302));
    expect(verdict).toMatchObject({ verdict: 'unknown', reasonCode: 'insufficient-data' });
    expect(verdict.reason).toContain('NetworkIn has 302 of 336 datapoints (90 % needed)');
  });

  it('B1.7 exactly the share that is asked for is enough', () => {
    const some = (count: number) => ({
      ...measured({ NetworkIn: (hour) => (hour < count ? 0 : undefined) }),
      settings: { coveragePercent: 50 },
    });
    expect(fate(some(168))).toBe('stop');
    expect(fate(some(167))).toBe('unknown insufficient-data');
  });

  it('B1.7 what was measured outside the window makes up for nothing', () => {
    const full = activity();
    const shifted = (key: string, ms: number) => {
      const found = full.metrics.get(key);
      const points = found && 'value' in found ? listed(found.value) : [];
      const outside = points.slice(0, 40).map(([at, value]) => [at + ms, value] as const);
      const value = pointsOf([...outside, ...points.slice(40)]);
      return { ...full, metrics: new Map([...full.metrics, [key, { value }]]) };
    };
    const day = 86_400_000;
    expect(fate({ facts: { activity: shifted('NetworkIn', -2 * day) } })).toBe('unknown insufficient-data');
    expect(fate({ facts: { activity: shifted('NetworkIn', 14 * day) } })).toBe('unknown insufficient-data');
  });

  it('a day is 24 hours since the window began, whenever that was', () => {
    const from = Date.UTC(2026, 10, 6, 15);
    const later = { ...activity(), from, to: from + 14 * 86_400_000 };
    const moved = new Map(
      [...later.metrics].map(([key, found]): [string, Lookup<Points>] => [
        key,
        'value' in found
          ? { value: { ...found.value, at: found.value.at.map((time) => time + 3 * 3_600_000) } }
          : found,
      ]),
    );
    const points = (value: (hour: number) => number) =>
      pointsOf(Array.from({ length: 336 }, (_, hour) => [from + hour * 3_600_000, value(hour)] as const));
    const on = (value: (hour: number) => number) => ({
      facts: {
        activity: { ...later, metrics: new Map([...moved, ['cpu-average', { value: points(value) }]]) },
      },
    });
    expect(fate(on((hour) => (hour >= 24 && hour < 48 ? 10 : 0)))).toBe('compliant busy');
    expect(fate(on((hour) => (hour >= 36 && hour < 60 ? 10 : 0)))).toBe('stop');
  });

  it('B1.7 days of the peaks are counted too', () => {
    const some = (days: number) => measured({ 'cpu-peak': (day) => (day < days ? 1 : undefined) });
    expect(fate(some(13))).toBe('stop');
    expect(fate(some(12))).toBe('unknown insufficient-data');
  });

  it('B1.7 the day of the peaks that began before the window counts, the one before it does not', () => {
    const full = activity({ 'cpu-peak': (day) => (day < 12 ? 1 : undefined) });
    const found = full.metrics.get('cpu-peak');
    const peaks = found && 'value' in found ? listed(found.value) : [];
    const earlier = (ms: number) => {
      const value = pointsOf([[full.from - 86_400_000 + ms, 1], ...peaks]);
      return { activity: { ...full, metrics: new Map([...full.metrics, ['cpu-peak', { value }] as const]) } };
    };
    expect(fate({ facts: earlier(1) })).toBe('stop');
    expect(fate({ facts: earlier(0) })).toBe('unknown insufficient-data');
  });

  it('B1.17 no EBS metric at all is the way of older types', () => {
    expect(fate(measured({ EBSReadBytes: () => undefined, EBSWriteBytes: () => undefined }))).toBe('stop');
  });

  it('B1.17 half an EBS metric is unknown', () => {
    expect(fate(measured({ EBSReadBytes: () => undefined }))).toBe('unknown insufficient-data');
  });

  it('B1.19 no status check is unknown', () => {
    expect(fate(measured({ StatusCheckFailed: () => undefined }))).toBe('unknown health');
    expect(fate(measured({ StatusCheckFailed: undefined }))).toBe('unknown health');
  });

  it('a value that is no number makes nothing idle', () => {
    expect(fate(measured({ 'cpu-peak': Number.NaN }))).not.toBe('stop');
    expect(fate(measured({ NetworkIn: Number.NaN }))).not.toBe('stop');
  });

  it('busy by one signal is busy, whatever the others lack', () => {
    expect(fate(measured({ NetworkIn: 'Forbidden', NetworkPacketsIn: 3600 * 900 }))).toBe('compliant busy');
  });
});

describe('periods', () => {
  it.each([
    [1, 300],
    [2, 3600],
    [14, 3600],
    [63, 3600],
    [64, 3600],
    [90, 3600],
  ])(
    'B1.14 B1.15 %i days are read in periods of %i s, which basic and detailed monitoring both have',
    (windowDays, seconds) => {
      const window = windowOf(set({ windowDays }), NOW);
      expect(window.periodSeconds).toBe(seconds);
      expect(seconds % 300).toBe(0);
      expect(expectedPoints(window)).toBe((windowDays * 86_400) / seconds);
    },
  );

  it('ends on a full hour, so that no period is half', () => {
    const { from, to } = windowOf(set(), new Date('2026-11-20T12:34:56Z'));
    expect(new Date(to).toISOString()).toBe('2026-11-20T12:00:00.000Z');
    expect(to - from).toBe(14 * 86_400_000);
  });

  it('B1.17 memory and swap are never asked for', () => {
    const names = [PEAK, ...fineMetrics({ instanceType: 't3.micro' })].map(({ name }) => name);
    expect(names.join()).not.toMatch(/mem|swap/i);
  });
});

describe('whatever the numbers are', () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 200, noNaN: true }),
    fc.constant(undefined),
    fc.constant('Forbidden'),
  );
  const numbers = fc.record({
    'cpu-peak': value,
    'cpu-average': value,
    NetworkIn: fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(undefined)),
    NetworkOut: fc.constantFrom(0, 1000, undefined, 'throttled'),
    NetworkPacketsIn: fc.constantFrom(0, 1e6, undefined),
  });

  it('an instance with anything unknown is never stopped', () => {
    fc.assert(
      fc.property(numbers, (given) => {
        const unknown = Object.values(given).some((each) => typeof each !== 'number');
        return !unknown || fate(measured(given)) !== 'stop';
      }),
      { numRuns: 150 },
    );
  });

  it('nothing around it that is unknown is ever acted on', () => {
    const keys: readonly (keyof Facts)[] = ['activity', 'type', 'event', 'group', 'serves', 'login', 'stops'];
    fc.assert(
      fc.property(fc.subarray([...keys], { minLength: 1 }), fc.boolean(), (some, asked) => {
        const gaps = some
          .filter((key) => key !== 'stops' || asked)
          .map((key) => [key, asked && key !== 'activity' ? { unknown: 'no' } : 'not-asked']);
        return gaps.length === 0 || fate({ facts: Object.fromEntries(gaps) }) !== 'stop';
      }),
    );
  });

  it('what a stricter threshold stops, a laxer one stops too', () => {
    const threshold = fc.double({ min: 0.1, max: 100, noNaN: true });
    fc.assert(
      fc.property(numbers, threshold, threshold, (given, one, other) => {
        const at = (peakPercent: number, megabytesPerDay: number) => ({
          ...measured(given),
          settings: { cpu: { peakPercent }, network: { megabytesPerDay } },
        });
        const [strict, lax] = [Math.min(one, other), Math.max(one, other)];
        return fate(at(strict, strict)) !== 'stop' || fate(at(lax, lax)) === 'stop';
      }),
      { numRuns: 150 },
    );
  });

  it('more activity never makes an instance idle', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 1, max: 10, noNaN: true }), (given, times) => {
        const more = Object.fromEntries(
          Object.entries(given).map(([key, each]) => [key, typeof each === 'number' ? each * times : each]),
        );
        return fate(measured(more)) !== 'stop' || fate(measured(given)) === 'stop';
      }),
      { numRuns: 150 },
    );
  });
});
