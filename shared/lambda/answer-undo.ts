import type { Aws } from '../aws/access.ts';
import type { Log } from '../engine/ports.ts';
import { undo } from '../engine/undo.ts';
import type { UndoReport, UndoRequest } from '../engine/undo-outcome.ts';
import type { WayBack } from '../engine/way-back.ts';
import { readUndoInput, type UndoInput, undoInputText } from '../events/undo-input.ts';
import { undoDigest } from '../notify/undo-digest.ts';
import type { Invocation } from './answer-event.ts';
import type { Container } from './container.ts';
import { addCount } from './metrics.ts';

/** What the undo function answers; `results` newest first, `state` as of a run. */
export interface UndoAnswer extends Pick<UndoReport, 'run' | 'counts'> {
  readonly state: 'complete' | 'partial';
  readonly dryRun: boolean;
  readonly exemptUntil: string;
  readonly results: readonly {
    readonly entry: string;
    readonly resource: string;
    readonly outcome: string;
    readonly code: string;
    readonly reason: string;
    /** E.g. that its end could not be written to the journal. */
    readonly notes: readonly string[];
  }[];
}

const EXEMPT_MS = 86_400_000;

/** More than these are in the journal and the message. Lambda answers 6 MB at most. */
const MOST_RESULTS = 1000;

/** The undo function as it stands between invocations. */
export interface UndoStanding {
  readonly waysBack: readonly WayBack<Aws>[];
  readonly container: Container;
}

/** Takes back what is asked for and tells people; throws for wrong input and for an id that the journal does not know. */
export async function answerUndo(
  { waysBack, container }: UndoStanding,
  event: unknown,
  { requestId, remainingMs, metrics, logFor }: Omit<Invocation, 'now'>,
): Promise<UndoAnswer> {
  const input = readUndoInput(event);
  const log = logFor(requestId);
  const ports = container.ports({ log, remainingMs });
  const { history } = container;
  const wayBack = async (policy: string) => waysBack.find((each) => each.policy === policy);
  const request = requestOf(input, requestId);
  const report = await undo(request, { ...ports, history, wayBack, unattended: true });
  if (report === undefined) throw new UnknownTarget(input.target);
  for (const [name, value] of Object.entries(report.counts)) addCount(metrics, `Undo-${name}`, value);
  log.info('Undo', { run: report.run, target: input.target, by: input.by, counts: report.counts });
  if (!input.dryRun) {
    await carryOn(input, report, container);
    await tell(report, container, log);
  }
  return answerOf(report);
}

class UnknownTarget extends Error {
  constructor(target: string) {
    super(`The journal has no entry and no run ${JSON.stringify(target)}`);
    this.name = 'UnknownTarget';
  }
}

/** Who asks is what the invoker says; IAM decides who may invoke, and CloudTrail knows who did. */
function requestOf(input: UndoInput, requestId: string): UndoRequest {
  const { by, ...asked } = input;
  return {
    ...asked,
    actor: { type: 'Unknown', arn: undefined, name: by, sourceIp: undefined, invokedBy: 'undo function' },
    cause: { kind: 'command-line', name: 'undo function' },
    signalId: requestId,
    exemptMs: EXEMPT_MS,
  };
}

/** The rest goes on in an invocation of its own, as long as each of them gets somewhere. */
async function carryOn(input: UndoInput, { counts }: UndoReport, container: Container): Promise<void> {
  if (counts.left > 0 && counts.undone > 0) await container.defer(undoInputText(input));
}

/** A message that cannot be delivered changes nothing about what was done (B5.37). */
async function tell(report: UndoReport, container: Container, log: Log): Promise<void> {
  const attributes = { policy: 'undo', state: stateOf(report), attention: String(report.counts.failed > 0) };
  try {
    await container.say({ ...undoDigest(report), attributes });
  } catch (error) {
    log.error('The notification could not be delivered', { run: report.run, error });
  }
}

function stateOf({ counts }: UndoReport): UndoAnswer['state'] {
  return counts.failed + counts.left > 0 ? 'partial' : 'complete';
}

function answerOf(report: UndoReport): UndoAnswer {
  const { run, counts, request, exemptUntil, results } = report;
  return {
    ...{
      run,
      counts,
      state: stateOf(report),
      dryRun: request.dryRun,
      exemptUntil: exemptUntil.toISOString(),
    },
    results: results.slice(0, MOST_RESULTS).map(({ entry, outcome, notes }) => ({
      entry: entry.id,
      resource: entry.resource.id,
      outcome: outcome.outcome,
      code: outcome.code,
      reason: outcome.reason,
      notes,
    })),
  };
}
