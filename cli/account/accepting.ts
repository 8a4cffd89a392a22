import type { Journal } from '../../shared/engine/journal.ts';
import type { Terminal } from '../terminal.ts';
import { type Brakes, dryRunBrakes } from './brakes.ts';

/** Brakes that count what a person accepts by this sweep. */
export interface AcceptingBrakes extends Brakes {
  /** Places where fewer was accepted so far. */
  accepted(): number;
}

/** The brakes of a sweep by which a person says that fewer is right; a dry run writes that down and nothing else. */
export function accepting(brakes: Brakes, enforce: boolean, since: Date): AcceptingBrakes {
  let accepted = 0;
  const { journal } = brakes;
  const noteScans: Journal['noteScans'] = async (policy, scans, at) => {
    const ofNow = [...scans].filter(([, scan]) => scan.accepted !== undefined && scan.accepted.at >= since);
    const noted = enforce ? scans : new Map(ofNow);
    if (noted.size > 0) await journal.noteScans(policy, noted, at);
    accepted += ofNow.length;
  };
  return {
    ...(enforce ? brakes : dryRunBrakes),
    journal: {
      ...(enforce ? journal : dryRunBrakes.journal),
      lastScans: (policy) => journal.lastScans(policy),
      noteScans,
    },
    close: () => brakes.close(),
    accepted: () => accepted,
  };
}

/** Whether anything was accepted, and why not. */
export function sayAccepted(brakes: AcceptingBrakes, by: string, { err }: Terminal): void {
  const places = brakes.accepted();
  if (places > 0) {
    const where = places === 1 ? 'one place' : `${places} places`;
    err(`Accepted in ${where}, noted as ${by}: from now on sweeps compare with what was read just now.`);
  } else {
    err(
      'Nothing was accepted: nowhere did you read far fewer than was read before. Where a function still does, its role may lack rights.',
    );
  }
}
