import type { Aws } from '../../shared/aws/access.ts';
import type { RunReport } from '../../shared/engine/outcome.ts';
import type { Log, Ports } from '../../shared/engine/ports.ts';

const QUIET: Log = { info() {}, warn() {}, error() {} };

type Own = Pick<Ports<Aws>, 'now' | 'sleep' | 'newId' | 'enter' | 'journal' | 'postpone'> &
  Partial<Ports<Aws>>;

/** A run's surroundings for tests of one policy: time enough, the kill switch off, messages kept in `told`. */
export function portsWith(own: Own, told: RunReport[]): Ports<Aws> {
  return {
    random: () => 0.5,
    killSwitch: async () => 'off',
    whoTagged: async () => undefined,
    firstTold: async () => true,
    noteTold: async () => {},
    notify: async (report) => {
      told.push(report);
      return [];
    },
    remainingMs: () => 300_000,
    log: QUIET,
    isOurs: () => false,
    ...own,
  };
}
