import { existsSync } from 'node:fs';
import type { Aws } from '../../shared/aws/access.ts';
import { readKillSwitch } from '../../shared/aws/kill-switch.ts';
import { markTable } from '../../shared/aws/mark-table.ts';
import { lastScans } from '../../shared/aws/scan-table.ts';
import type { Mark } from '../../shared/engine/mark.ts';
import type { SwitchPosition } from '../../shared/engine/ports.ts';
import type { LastScans } from '../../shared/engine/shrinkage.ts';
import { BadInput } from '../exit.ts';
import { readLines } from '../journal-lines.ts';
import { deployedTable, personalSwitch } from './brakes.ts';

/** What a journal notes of a policy beside its entries: read, and never written. Each throws where it cannot be read. */
export interface Notes {
  /** The open ones. */
  marks(policy: string): Promise<readonly Mark[]>;
  scans(policy: string): Promise<LastScans>;
  /** As what writes there finds it. */
  killSwitch(): Promise<SwitchPosition>;
}

/** The notes of a journal: a file as it is on disk, or a table, otherwise the deployed stack's. BadInput where there is none. */
export async function notesOf(
  journal: string | undefined,
  aws: Aws,
  killSwitch: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Notes> {
  if (journal?.endsWith('.jsonl')) {
    if (!existsSync(journal)) throw new BadInput(`${journal}: there is no such journal`);
    const { marks, scans } = readLines(journal);
    return {
      marks: async (policy) => [...marks.values()].filter((mark) => mark.policy === policy),
      scans: async (policy) => scans.get(policy) ?? new Map(),
      killSwitch: async () => personalSwitch(environment),
    };
  }
  const table = journal ?? (await deployedTable(aws));
  const { open } = markTable(aws, table);
  return {
    marks: (policy) => open(policy),
    scans: (policy) => lastScans(aws, table, policy),
    killSwitch: () => readKillSwitch(aws, killSwitch),
  };
}
