import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createAws } from '../../shared/aws/factory.ts';
import { journalHistory } from '../../shared/aws/journal-history.ts';
import { PatientRetry } from '../../shared/aws/retry.ts';
import type { History } from '../../shared/engine/history.ts';
import { BadInput } from '../exit.ts';
import { historyOf, readLines } from '../journal-lines.ts';
import { deployedTable, KEEP_DAYS } from './brakes.ts';
import { identify } from './caller.ts';

/** Which journal is read, and with whose credentials. */
export interface Which {
  /** A DynamoDB table, or a file whose name ends in `.jsonl`. Default: the deployed stack's table. */
  readonly journal: string | undefined;
  readonly profile: string | undefined;
  readonly region: string | undefined;
}

/** A journal that is only read; `name` is what people call it. */
export interface Memory {
  readonly name: string;
  readonly history: History;
  /** The time of the account that the journal is about. */
  now(): Date;
}

/** Opens a journal for reading: a file as it is on disk, without any account, or the table by the user's credentials. */
export async function openMemory({ journal, profile, region }: Which): Promise<Memory> {
  if (journal?.endsWith('.jsonl')) {
    if (!existsSync(journal)) throw new BadInput(`${journal}: there is no such journal`);
    const { entries } = readLines(journal);
    // A rehearsed month may be ahead of this machine.
    const newest = [...entries.values()].reduce((latest, { at }) => Math.max(latest, at.getTime()), 0);
    const now = () => new Date(Math.max(Date.now(), newest));
    return { name: journal, history: historyOf(() => [...entries.values()]), now };
  }
  const connection = {
    retryStrategy: new PatientRetry({ attempts: 5, now: () => new Date(), sleep: wait, random: Math.random }),
  };
  const caller = await identify(process.env, { profile, region, connection });
  const aws = createAws(caller.home, { ...connection, credentials: caller.credentials });
  const name = journal ?? (await deployedTable(aws));
  return { name, history: journalHistory(aws, { name, keepDays: KEEP_DAYS }), now: caller.now };
}
