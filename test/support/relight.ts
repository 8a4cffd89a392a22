import { historyOf } from '../../cli/journal-lines.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import { undo } from '../../shared/engine/undo.ts';
import type { UndoReport, UndoRequest } from '../../shared/engine/undo-outcome.ts';
import type { WayBack } from '../../shared/engine/way-back.ts';
import type { House, Lamp } from './lamps.ts';

/** Lights again what was switched off. */
export const relight: WayBack<House> = {
  policy: 'lights-out',
  kind: 'cost',
  rights: [],
  async standing(entry, { aws }) {
    const lamp = lampOf(aws, entry);
    if (lamp === undefined) return { state: 'gone', reason: 'It was taken down.' };
    if (lamp.light === 'lit') return { state: 'as-before', reason: 'It is lit.' };
    if (lamp.light === 'flicker') return { state: 'changed', differs: ['it flickers'] };
    return { state: 'ours', will: [`Light ${lamp.id}.`] };
  },
  async undo(entry, { aws }) {
    aws.calls.push(`undo ${entry.resource.id}`);
    const lamp = lampOf(aws, entry);
    if (lamp === undefined) return { result: 'gone', reason: 'It was taken down.' };
    aws.onAct(lamp);
    aws.light(lamp);
    return { result: 'done', after: { light: 'lit' }, requestId: undefined };
  },
};

function lampOf({ lamps }: House, { resource }: JournalEntry): Lamp | undefined {
  return lamps.find(({ id }) => id === resource.id);
}

/** Takes an entry or a run of the house back, as ana would. */
export function undoIn(
  house: House,
  target: string,
  own: Partial<UndoRequest> = {},
  wayBack: WayBack<House> = relight,
): Promise<UndoReport | undefined> {
  const request: UndoRequest = {
    target,
    actor: { type: 'IAMUser', arn: undefined, name: 'ana', sourceIp: undefined, invokedBy: undefined },
    cause: { kind: 'command-line', name: 'reeve undo' },
    signalId: 'command-1',
    reason: 'the night shift needs it',
    force: false,
    dryRun: false,
    exemptMs: 24 * 3_600_000,
    ...own,
  };
  return undo(request, {
    ...house.ports,
    history: historyOf(() => house.journal.entries),
    wayBack: async (policy) => (policy === wayBack.policy ? wayBack : undefined),
  });
}
