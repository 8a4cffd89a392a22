import type { Door, DoorCount } from './door.ts';
import { configData, configText } from './doors/config.ts';
import { functionDoor } from './doors/functions.ts';
import { messages } from './doors/messages.ts';
import { deadLetters, plans } from './doors/plans.ts';
import { reading } from './doors/reading.ts';
import { savedAnswers, tagPolicies } from './doors/saved.ts';
import { journalFile, undoInput } from './doors/undo.ts';
import { POLICIES } from './workshop.ts';

/** The seed of every run that names no other; printed with whatever it finds. */
export const SEED = 20_261_121;

/** Every place where something that somebody else wrote comes in. */
export function doors(): readonly Door[] {
  return [
    reading(),
    ...POLICIES.map(functionDoor),
    messages(),
    configText(),
    configData(),
    savedAnswers(),
    tagPolicies(),
    plans(),
    deadLetters(),
    undoInput(),
    journalFile(),
  ];
}

/** Knocks at every door so many times; what came of it, door by door. */
export async function fuzzEveryDoor(runs: number, seed = SEED): Promise<readonly DoorCount[]> {
  const counts: DoorCount[] = [];
  for (const door of doors()) counts.push(await door.fuzz(runs, seed));
  return counts;
}
