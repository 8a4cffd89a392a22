import { existsSync } from 'node:fs';
import type { Aws } from '../../shared/aws/access.ts';
import { markTable } from '../../shared/aws/mark-table.ts';
import type { Mark } from '../../shared/engine/mark.ts';
import { BadInput } from '../exit.ts';
import { readLines } from '../journal-lines.ts';
import { deployedTable } from './brakes.ts';

/** The open marks of a policy, read and never written. Throws when they cannot be read. */
export type ReadMarks = (policy: string) => Promise<readonly Mark[]>;

/** The marks of a journal: a file as it is on disk, or a table, otherwise the deployed stack's. BadInput where there is none. */
export async function marksOf(journal: string | undefined, aws: Aws): Promise<ReadMarks> {
  if (journal?.endsWith('.jsonl')) {
    if (!existsSync(journal)) throw new BadInput(`${journal}: there is no such journal`);
    const marks = [...readLines(journal).marks.values()];
    return async (policy) => marks.filter((mark) => mark.policy === policy);
  }
  const table = markTable(aws, journal ?? (await deployedTable(aws)));
  return (policy) => table.open(policy);
}
