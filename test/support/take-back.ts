import { historyOf } from '../../cli/journal-lines.ts';
import type { Aws } from '../../shared/aws/access.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { undo } from '../../shared/engine/undo.ts';
import type { UndoReport, UndoRequest } from '../../shared/engine/undo-outcome.ts';
import type { WayBack } from '../../shared/engine/way-back.ts';
import type { MemoryJournal } from './memory-journal.ts';

/** What the workplaces of all policies have: a simulated account, its journal and its time. */
export interface Workplace {
  readonly journal: MemoryJournal;
  readonly around: Surroundings<Aws>;
  now(): Date;
}

const REQUEST: Omit<UndoRequest, 'target'> = {
  actor: { type: 'IAMUser', arn: undefined, name: 'ana', sourceIp: undefined, invokedBy: undefined },
  cause: { kind: 'command-line', name: 'reeve undo' },
  signalId: 'command-1',
  reason: 'INC-7',
  force: true,
  dryRun: false,
  exemptMs: 24 * 3_600_000,
};

/** The process is gone: nothing that it does from then on has any effect. */
class Killed extends Error {}

/** Takes an entry or a run back; with `killAfter` the process dies as that call to AWS has taken effect. */
export async function takeBackIn(
  workplace: Workplace,
  wayBack: WayBack<Aws>,
  target: string,
  own: Partial<UndoRequest> & { readonly killAfter?: number } = {},
): Promise<{ readonly report: UndoReport | undefined; readonly killed: boolean }> {
  const { killAfter = Number.POSITIVE_INFINITY, ...request } = own;
  const { journal, around } = workplace;
  const { aws } = around;
  let calls = 0;
  const alive = () => {
    if (calls >= killAfter) throw new Killed();
  };
  const mortal: Aws = {
    place: aws.place,
    async send(client, command) {
      alive();
      const answer = await aws.send(client, command);
      calls++;
      alive();
      return answer;
    },
  };
  const report = await undo(
    { ...REQUEST, target, ...request },
    {
      now: () => workplace.now(),
      sleep: around.sleep,
      random: around.random,
      newId: () => `undo-${journal.entries.length}-${journal.calls.length}`,
      enter: async () => mortal,
      remainingMs: () => 900_000,
      log: { info() {}, warn() {}, error() {} },
      journal: {
        recent: (arn, since) => journal.recent(arn, since),
        firstSeen: (...given) => journal.firstSeen(...given),
        seenAnew: (...given) => journal.seenAnew(...given),
        open: (...given) => journal.open(...given),
        lastScans: (...given) => journal.lastScans(...given),
        noteScans: (...given) => journal.noteScans(...given),
        claim: (...given) => journal.claim(...given),
        reserve: (...given) => journal.reserve(...given),
        told: (...given) => journal.told(...given),
        marks: journal.marks,
        begin: async (...given) => {
          alive();
          return journal.begin(...given);
        },
        finish: async (...given) => {
          alive();
          return journal.finish(...given);
        },
      },
      history: historyOf(() => journal.entries),
      wayBack: async (policy) => (policy === wayBack.policy ? wayBack : undefined),
    },
  );
  return { report, killed: calls >= killAfter };
}

/** How each entry of a report ended, by its resource. */
export function endings(report: UndoReport | undefined): readonly (readonly [string, string])[] {
  return (report?.results ?? []).map(({ entry, outcome }) => [entry.resource.id, outcome.code] as const);
}
