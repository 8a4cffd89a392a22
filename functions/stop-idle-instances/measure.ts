import type { Aws } from '../../shared/aws/access.ts';
import { type MetricQuery, metricData } from '../../shared/aws/cloudwatch/metric-data.ts';
import type { Points } from '../../shared/aws/cloudwatch/points.ts';
import type { Activity, Lookup } from './facts.ts';
import type { Instance } from './instance.ts';
import { DAY_SECONDS, fineMetrics, type Metric, PEAK, type Window } from './metrics.ts';
import { busyByPeak } from './quiet.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that `measure` calls. */
export const measureRights = metricData.rights;

/**
 * Reads what CloudWatch measured about many instances, in as few calls as it takes: a point a day of every one, which
 * shows most of them to be busy, and everything else only of the rest.
 */
export async function measure(
  aws: Aws,
  instances: readonly Instance[],
  window: Window,
  settings: Settings,
  now: Date,
): Promise<ReadonlyMap<string, Activity>> {
  // The window ends on the full hour: a peak since then proves nothing about it, but that somebody works there now.
  const daily = { ...window, to: now.getTime(), periodSeconds: DAY_SECONDS };
  const peaks = await metricData(
    aws,
    instances.map((instance) => queryOf(instance, PEAK)),
    daily,
  );
  const metrics = new Map(
    instances.map(({ id }, index): [string, Map<string, Lookup<Points>>] => [
      id,
      new Map([[PEAK.key, peaks[index] ?? { unknown: 'it was not read' }]]),
    ]),
  );

  const rest = instances.filter(({ id }) => isOpen(metrics.get(id)?.get(PEAK.key), settings));
  const wanted = rest.flatMap((instance) => fineMetrics(instance).map((metric) => ({ instance, metric })));
  const fine = await metricData(
    aws,
    wanted.map(({ instance, metric }) => queryOf(instance, metric)),
    window,
  );
  wanted.forEach(({ instance, metric }, index) => {
    metrics.get(instance.id)?.set(metric.key, fine[index] ?? { unknown: 'it was not read' });
  });
  return new Map([...metrics].map(([id, read]) => [id, { ...window, metrics: read }]));
}

/** Neither busy by its peaks, nor without any: what a second look may still settle. */
function isOpen(peaks: Lookup<Points> | undefined, settings: Settings): boolean {
  if (peaks === undefined || 'unknown' in peaks || peaks.value.at.length === 0) return false;
  return busyByPeak(peaks, settings) === undefined;
}

function queryOf({ id }: Instance, { name, statistic }: Metric): MetricQuery {
  return { namespace: 'AWS/EC2', name, dimensions: { InstanceId: id }, statistic };
}
