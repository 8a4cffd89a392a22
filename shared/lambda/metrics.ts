import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { measures } from '../engine/metrics.ts';
import type { RunReport } from '../engine/outcome.ts';

/** CloudWatch namespace; the alarms of function-stack.yml look there. */
const NAMESPACE = 'Reeve';

/** Figures go out as embedded metric format: a log line that CloudWatch reads, no call and no right needed. */
export function createMetrics(service: string): Metrics {
  return new Metrics({ namespace: NAMESPACE, serviceName: service });
}

/** Adds what a run measured. */
export function addRun(metrics: Metrics, report: RunReport): void {
  const { skipped, secondsToRemediation, ...counts } = measures(report);
  for (const [name, value] of Object.entries(counts))
    metrics.addMetric(capital(name), MetricUnit.Count, value);
  for (const [code, value] of Object.entries(skipped))
    metrics.addMetric(`Skipped-${code}`, MetricUnit.Count, value);
  if (secondsToRemediation !== undefined) {
    metrics.addMetric('SecondsToRemediation', MetricUnit.Seconds, secondsToRemediation);
  }
  // Its absence is an alarm, so a sweep that read nothing does not count.
  if (report.signal.cause.kind === 'schedule' && report.state !== 'failed') {
    metrics.addMetric('Sweeps', MetricUnit.Count, 1);
  }
}

/** Adds a count that does not belong to a run: `Unhandled`, `Ignored`, `Malformed`, `ApiCalls`. */
export function addCount(metrics: Metrics, name: string, value: number): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
