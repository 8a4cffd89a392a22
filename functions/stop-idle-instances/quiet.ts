import { type Points, spans } from '../../shared/aws/cloudwatch/points.ts';
import type { Activity, Lookup, TypeFacts } from './facts.ts';
import type { Instance } from './instance.ts';
import { DAY_SECONDS, isBurstable } from './metrics.ts';
import { both, readings, tellsOfAllGpus } from './readings.ts';
import type { Settings } from './settings.ts';

/** What one signal says: quiet, busy, not to be told, or not there at all on this kind of instance. */
export interface Sign {
  readonly signal: string;
  readonly state: 'quiet' | 'busy' | 'unknown' | 'absent';
  /** "CPU peaked at 3.1 % (idle is below 5 %)". */
  readonly text: string;
  readonly value?: number;
  readonly threshold?: number;
}

/** The peaks alone: most instances are seen to be busy by them, and need no second look. Undefined: not by them. */
export function busyByPeak(peaks: Lookup<Points> | undefined, { cpu }: Settings): Sign | undefined {
  if (peaks === undefined || 'unknown' in peaks) return undefined;
  const sign = compared('cpu-peak', 'CPU peaked at', highest(peaks.value.values), cpu.peakPercent, ' %');
  return sign.state === 'busy' ? sign : undefined;
}

/** What each signal says about the window. An instance is idle only when every one is quiet, or absent by nature. */
export function signsOf(
  instance: Pick<Instance, 'instanceType'>,
  activity: Activity,
  type: Lookup<TypeFacts>,
  settings: Settings,
): readonly Sign[] {
  const read = readings(activity, settings);
  const { cpu, gpu, network, disk } = settings;
  const peaks = read.peaks();
  const peak = 'unknown' in peaks ? peaks : { value: highest(peaks.value.values) };
  const bytes = read.together('NetworkIn', 'NetworkOut');
  const seconds = activity.periodSeconds;
  return [
    sign('cpu-peak', peak, (value) => compared('cpu-peak', 'CPU peaked at', value, cpu.peakPercent, ' %')),
    sign('cpu-average', read.points('cpu-average'), (points) => {
      const busiest = highest(daily(points, activity.from).map(mean));
      return compared('cpu-average', 'CPU on its busiest day', busiest, cpu.averagePercent, ' %');
    }),
    sign('busy-vcpus', both(peak, type), ([percent, { vcpus }]) =>
      compared('busy-vcpus', 'busy vCPUs at the peak', (percent * vcpus) / 100, cpu.busyVcpus, ''),
    ),
    sign('network-day', bytes, (points) => {
      const megabytes = highest(daily(points, activity.from).map(sum)) / 1_000_000;
      return compared('network-day', 'network on its busiest day', megabytes, network.megabytesPerDay, ' MB');
    }),
    sign('network-rate', bytes, (points) =>
      compared(
        'network-rate',
        'network peak',
        highest(points.values) / seconds,
        network.bytesPerSecond,
        ' B/s',
      ),
    ),
    sign('packets', read.together('NetworkPacketsIn', 'NetworkPacketsOut'), (points) => {
      const rate = highest(points.values) / seconds;
      return compared('packets', 'packets at the peak', rate, network.packetsPerSecond, ' a second');
    }),
    diskSign(read, seconds, disk.bytesPerSecond),
    ...gpuSigns(activity, type, read, gpu.peakPercent),
    ...(isBurstable(instance) ? creditSigns(read, cpu.creditFloor) : []),
  ];
}

type Readings = ReturnType<typeof readings>;

/** EBS metrics exist on Nitro instances only: without a single point they say nothing (B1.17). */
function diskSign(read: Readings, seconds: number, threshold: number): Sign {
  const [reads, writes] = [read.raw('EBSReadBytes'), read.raw('EBSWriteBytes')];
  const none = [reads, writes].every((each) => 'value' in each && each.value.at.length === 0);
  if (none) return { signal: 'disk', state: 'absent', text: 'this type has no EBS metrics' };
  return sign('disk', read.together('EBSReadBytes', 'EBSWriteBytes'), (points) =>
    compared('disk', 'disk peak', highest(points.values) / seconds, threshold, ' B/s'),
  );
}

/** Where an agent tells of all GPUs; where it does not, an accelerator is no sign but an obstacle (B1.18). */
function gpuSigns(
  activity: Activity,
  type: Lookup<TypeFacts>,
  read: Readings,
  threshold: number,
): readonly Sign[] {
  if ('unknown' in type || !tellsOfAllGpus(activity, type.value)) return [];
  return read
    .gpus()
    .map((load) =>
      sign('gpu-peak', load, ({ values }) =>
        compared('gpu-peak', 'a GPU peaked at', highest(values), threshold, ' %'),
      ),
    );
}

/** Without credits the CPU is capped and only looks idle; surplus credits are paid for by work (B1.11, B1.12). */
function creditSigns(read: Readings, floor: number): readonly Sign[] {
  return [
    sign('credits', read.points('CPUCreditBalance'), (points) => {
      const latest = points.values.at(-1) ?? 0;
      const text = `${number(latest)} CPU credits left`;
      if (latest >= floor)
        return { signal: 'credits', state: 'quiet', text, value: latest, threshold: floor };
      const capped = `${text}: its CPU may be capped, not idle`;
      return { signal: 'credits', state: 'busy', text: capped, value: latest, threshold: floor };
    }),
    sign('surplus-credits', read.points('CPUSurplusCreditsCharged'), (points) => {
      const charged = sum(points.values);
      if (charged <= 0)
        return { signal: 'surplus-credits', state: 'quiet', text: 'no surplus credits', value: 0 };
      const text = `${number(charged)} surplus CPU credits were charged, which cost extra`;
      return { signal: 'surplus-credits', state: 'busy', text, value: charged };
    }),
  ];
}

function sign<T>(signal: string, found: Lookup<T>, judge: (value: T) => Sign): Sign {
  return 'unknown' in found ? { signal, state: 'unknown', text: found.unknown } : judge(found.value);
}

function compared(signal: string, what: string, value: number, threshold: number, unit: string): Sign {
  // A value that is no number is no reason to call anything idle.
  const state = Number.isFinite(value) ? (value < threshold ? 'quiet' : 'busy') : 'unknown';
  const text = `${what} ${number(value)}${unit} (idle is below ${number(threshold)}${unit})`;
  return { signal, state, text, value, threshold };
}

/** The values of each 24 hours since the window began. */
function daily(points: Points, from: number): readonly Float64Array[] {
  return spans(points, from, DAY_SECONDS * 1000).map(({ values }) => values);
}

/** No number among them is no number at all. */
function highest(values: Float64Array | readonly number[]): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function mean(values: Float64Array): number {
  return sum(values) / values.length;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
