import { setTimeout as wait } from 'node:timers/promises';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { journalHistory } from '../../shared/aws/journal-history.ts';
import { journalTable } from '../../shared/aws/journal-table.ts';
import { readKillSwitch } from '../../shared/aws/kill-switch.ts';
import type { History } from '../../shared/engine/history.ts';
import type { Journal } from '../../shared/engine/journal.ts';
import type { SwitchPosition } from '../../shared/engine/ports.ts';
import { BadInput } from '../exit.ts';
import { fileJournal } from '../file-journal.ts';

/** What has to be in place before anything is changed: where it is written down, and what can stop it. */
export interface Brakes {
  readonly journal: Journal;
  /** Reading the same journal back. */
  readonly history: History;
  killSwitch(): Promise<SwitchPosition>;
  close(): void;
}

/** The deployed stack says here where its journal is. */
export const JOURNAL_PARAMETER = '/reeve/journal-table';

/** So long the journal keeps its entries. */
export const KEEP_DAYS = 400;

/** A dry run changes nothing, so it needs no journal; one that is asked for all the same is a bug. */
export const dryRunBrakes: Brakes = {
  journal: {
    recent: () => Promise.reject(new Error('a dry run has no journal')),
    begin: () => Promise.reject(new Error('a dry run has no journal')),
    finish: () => Promise.reject(new Error('a dry run has no journal')),
    reserve: () => Promise.reject(new Error('a dry run has no journal')),
    firstSeen: () => Promise.reject(new Error('a dry run has no journal')),
    seenAnew: () => Promise.reject(new Error('a dry run has no journal')),
    marks: {
      open: () => Promise.reject(new Error('a dry run has no journal')),
      put: () => Promise.reject(new Error('a dry run has no journal')),
      told: () => Promise.reject(new Error('a dry run has no journal')),
      close: () => Promise.reject(new Error('a dry run has no journal')),
    },
    // What it does not keep holds nothing open.
    open: async () => [],
    lastScans: async () => new Map(),
    noteScans: async () => {},
    claim: () => Promise.reject(new Error('a dry run has no journal')),
    told: () => Promise.reject(new Error('a dry run has no journal')),
  },
  history: {
    between: noHistory,
    ofRun: noHistory,
    ofResource: noHistory,
    entry: () => Promise.reject(new Error('a dry run has no journal')),
    undoneBy: () => Promise.reject(new Error('a dry run has no journal')),
  },
  killSwitch: async () => 'on',
  close() {},
};

function noHistory(): never {
  throw new Error('a dry run has no journal');
}

/**
 * Journal and kill switch for `--enforce`: the deployed stack's, or a file of one's own. With a file the person at the
 * terminal is the kill switch, unless REEVE_KILL_SWITCH says otherwise.
 */
export async function brakesFor(
  journal: string | undefined,
  aws: Aws,
  killSwitch: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Brakes> {
  if (journal?.endsWith('.jsonl')) {
    const file = fileJournal(journal);
    return {
      journal: file,
      history: file.history,
      killSwitch: async () => personalSwitch(environment),
      close: () => file.close(),
    };
  }
  const name = journal ?? (await deployedTable(aws));
  const table = { name, keepDays: KEEP_DAYS };
  return {
    journal: journalTable(aws, table, { sleep: (ms) => wait(ms), random: Math.random }),
    history: journalHistory(aws, table),
    killSwitch: () => readKillSwitch(aws, killSwitch),
    close() {},
  };
}

/** The switch of a person who keeps a journal of his own. */
export function personalSwitch({
  REEVE_KILL_SWITCH: position = 'off',
}: Readonly<Record<string, string | undefined>>): 'off' | 'on' {
  return position === 'off' ? 'off' : 'on';
}

/** The table of the deployed stack; BadInput where there is none. */
export async function deployedTable(aws: Aws): Promise<string> {
  try {
    const { Parameter } = await aws.send(SSMClient, new GetParameterCommand({ Name: JOURNAL_PARAMETER }));
    if (Parameter?.Value !== undefined) return Parameter.Value;
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.code !== 'ParameterNotFound')
      throw new BadInput(`the journal cannot be looked up: ${error.message}`);
  }
  throw new BadInput(
    `this needs a journal, and Reeve is not deployed in ${aws.place.account}, ${aws.place.region}: give --journal FILE.jsonl or a table's name`,
  );
}
