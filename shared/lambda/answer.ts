import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { RunReport } from '../engine/outcome.ts';
import type { Log } from '../engine/ports.ts';
import type { Signal } from '../engine/signal.ts';
import type { Reading, RecordReading } from '../events/reading.ts';
import { addCount, addRun } from './metrics.ts';

/** What an invocation returns: for whoever invokes directly, and to SQS which messages to send again (B5.7). */
export interface Answer {
  readonly runs: readonly (Pick<
    RunReport,
    'run' | 'policy' | 'mode' | 'state' | 'counts' | 'pages' | 'warnings'
  > & {
    readonly signal: string;
  })[];
  /** Triggers and parts of them that asked for nothing, each with a sentence. */
  readonly ignored: readonly string[];
  readonly batchItemFailures?: readonly { readonly itemIdentifier: string }[];
}

export interface Answering {
  readonly metrics: Metrics;
  readonly log: Log;
  runSignal(signal: Signal): Promise<RunReport>;
}

/** A run could read nothing at all: worth another try, and then the dead-letter queue (B5.26). */
export class NothingRead extends Error {
  constructor(reports: readonly RunReport[]) {
    const reasons = reports.flatMap(({ places }) => places.map(({ reason }) => reason ?? 'unknown'));
    super(`Nothing could be read: ${[...new Set(reasons)].slice(0, 3).join(' ')}`);
    this.name = 'NothingRead';
  }
}

/** Handles what an event was read as, each record of a batch on its own. */
export async function answerReading(reading: Reading, answering: Answering): Promise<Answer> {
  if (reading.kind !== 'batch') return answerOne(reading, answering);
  const answers: Answer[] = [];
  const failed: { messageId: string; error: unknown }[] = [];
  for (const { messageId, reading: record } of reading.records) {
    try {
      answers.push(await answerOne(record, answering));
    } catch (error) {
      answering.log.error('A record could not be handled', { messageId, error });
      failed.push({ messageId, error });
    }
  }
  const [first] = failed;
  if (reading.from === 'sns' && first !== undefined) throw first.error;
  return {
    runs: answers.flatMap(({ runs }) => runs),
    ignored: answers.flatMap(({ ignored }) => ignored),
    ...(reading.from === 'sqs'
      ? { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
      : {}),
  };
}

async function answerOne(reading: RecordReading, { metrics, log, runSignal }: Answering): Promise<Answer> {
  if (reading.kind === 'malformed') throw reading.error;
  if (reading.kind === 'unhandled') {
    log.warn('Unhandled', { why: reading.why });
    addCount(metrics, 'Unhandled', 1);
    return { runs: [], ignored: [reading.why] };
  }
  if (reading.ignored.length > 0) {
    log.info('Asks for nothing', { ignored: reading.ignored });
    addCount(metrics, 'Ignored', reading.ignored.length);
  }
  const reports: RunReport[] = [];
  for (const signal of reading.signals) {
    const report = await runSignal(signal);
    reports.push(report);
    if (isIdle(report)) continue;
    addRun(metrics, report);
    logRun(log, report);
  }
  const unread = reports.filter(({ state }) => state === 'failed');
  if (unread.length > 0) throw new NothingRead(unread);
  return { runs: reports.map(summaryOf), ignored: reading.ignored };
}

/** Looked back, and nothing was open: four times an hour that is not worth a line. */
function isIdle({ signal, results, places, warnings }: RunReport): boolean {
  return signal.cause.kind === 'reconciliation' && results.length + places.length + warnings.length === 0;
}

/** More results than these are in the journal and in the message, not in the log. */
const MOST_LINES = 100;

function logRun(log: Log, report: RunReport): void {
  const correlationId = report.signal.id;
  for (const { resource, verdict, outcome, account, region, notes } of report.results.slice(0, MOST_LINES)) {
    log.info('Resource', {
      correlationId,
      run: report.run,
      resource: resource.id,
      account,
      region,
      verdict: verdict.verdict,
      reasonCode: verdict.reasonCode,
      outcome: outcome.outcome,
      code: outcome.code,
      reason: outcome.reason,
      notes,
    });
  }
  log.info('Run', { correlationId, ...summaryOf(report), places: report.places });
}

function summaryOf(report: RunReport): Answer['runs'][number] {
  const { run, policy, mode, state, counts, pages, warnings, signal } = report;
  return { run, policy, mode, state, counts, pages, warnings, signal: signal.id };
}
