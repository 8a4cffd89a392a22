import type { RunReport } from './outcome.ts';

/** Figures of one run, for metrics. */
export interface Measures {
  readonly findings: number;
  readonly remediations: number;
  readonly failures: number;
  readonly queued: number;
  readonly unknown: number;
  /** How many were left alone, by skip code. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly scanned: number;
  readonly pages: number;
  /** Messages that were lost. */
  readonly undelivered: number;
  /** From the event's own time to the end of a run that remedied something; only where an event set it off. */
  readonly secondsToRemediation: number | undefined;
}

/** What a run measures. */
export function measures(report: RunReport): Measures {
  const { counts, signal, finishedAt } = report;
  const skipped: Record<string, number> = {};
  for (const { outcome } of report.results)
    if (outcome.outcome === 'skipped') skipped[outcome.code] = (skipped[outcome.code] ?? 0) + 1;
  const setOffByEvent = !['schedule', 'reconciliation', 'command-line'].includes(signal.cause.kind);
  return {
    findings: counts.violations,
    remediations: counts.done,
    failures: counts.failed,
    queued: counts.queued,
    unknown: counts.unknown,
    skipped,
    scanned: counts.scanned,
    pages: report.pages.length,
    undelivered: report.undelivered === true ? 1 : 0,
    secondsToRemediation:
      setOffByEvent && counts.done > 0
        ? Math.max(0, (finishedAt.getTime() - signal.time.getTime()) / 1000)
        : undefined,
  };
}
