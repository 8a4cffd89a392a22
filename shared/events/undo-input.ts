import type { UndoRequest } from '../engine/undo-outcome.ts';
import { Field } from './fields.ts';
import { REDRIVEN } from './redriven.ts';

/** What whoever invokes the undo function asks for. */
export type UndoInput = Pick<UndoRequest, 'target' | 'dryRun' | 'force'> & {
  readonly by: string;
  readonly reason: string | undefined;
};

const KEYS: readonly string[] = ['undo', 'by', 'reason', 'dryRun', 'force'];

/**
 * Reads `{"undo": "<entry or run>", "by": "…", "reason": "…", "dryRun": true, "force": true}`, directly or as the one
 * message of the function's own queue. Throws `MalformedEvent` with what is wrong and what is expected.
 */
export function readUndoInput(event: unknown): UndoInput {
  const given = new Field(event, '');
  const [message] = given.at('Records').entries();
  const input =
    message === undefined ? given : (message.at('body').json() ?? message.at('body').refuse('JSON'));
  const unknown = input.keys().find((key) => key !== REDRIVEN && !KEYS.includes(key));
  if (!input.isObject() || unknown !== undefined)
    return input.refuse(`an object with ${KEYS.join(', ')}${unknown === undefined ? '' : ' only'}`);
  const reason = input.at('reason').isMissing()
    ? undefined
    : input.at('reason').matching(/^(?=[\s\S]*\S)[\s\S]{1,500}$/, 'a reason of at most 500 characters');
  const force = flag(input.at('force'));
  if (force && reason === undefined) return input.at('reason').refuse('a reason, as force is asked for');
  return {
    target: input.at('undo').matching(/^[\w-]{1,64}$/, 'the id of an entry or a run'),
    by: input.at('by').matching(/^[\s\S]{1,200}$/, 'who asks, in at most 200 characters'),
    reason,
    dryRun: flag(input.at('dryRun')),
    force,
  };
}

/** The same again, for the function's own queue. */
export function undoInputText({ target, by, reason, dryRun, force }: UndoInput): string {
  return JSON.stringify({ undo: target, by, ...(reason !== undefined && { reason }), dryRun, force });
}

function flag(field: Field): boolean {
  if (field.isMissing()) return false;
  return typeof field.value === 'boolean' ? field.value : field.refuse('true or false');
}
