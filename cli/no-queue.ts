import type { Result, RunReport } from '../shared/engine/outcome.ts';

/**
 * A report as it is true at a terminal: no queue is behind the command line, so what a run leaves is found again by the
 * `next` one, e.g. "next sweep", and nothing says that it is queued.
 */
export function withoutQueue(report: RunReport, next: string): RunReport {
  const told = (text: string) =>
    WORDS.reduce((mended, [queue, person]) => mended.replace(queue, person.replace('NEXT', next)), text);
  const results = report.results.map((result): Result => {
    const { outcome } = result;
    return { ...result, outcome: { ...outcome, reason: told(outcome.reason) } };
  });
  const places = report.places.map(({ reason, ...place }) => ({
    ...place,
    reason: reason === undefined ? undefined : told(reason),
  }));
  return { ...report, results, places, pages: report.pages.map(told) };
}

/** Where the engine speaks of its queue, and what holds instead. */
const WORDS: readonly (readonly [queue: RegExp, person: string])[] = [
  [/a run of its own is queued for it|\bit is queued/, 'the NEXT looks at it again'],
  [/(?<=\. )It goes on in another run/, 'The NEXT goes on'],
  [/the rest is queued/, 'the rest is left to the NEXT'],
  [/(?<=\. \d+ changes?) queued\.$/, ' left to the NEXT.'],
  [/it is looked at again once that run is over/, 'look again once that run is over'],
];

/** How a result ended that the end of the time cut off: undefined for any other. */
export function cutOff({ outcome: { outcome, code, reason } }: Result): 'begun' | 'not begun' | undefined {
  if (outcome !== 'queued' || code !== 'time') return undefined;
  return reason.startsWith('No time was left') ? 'not begun' : 'begun';
}
