import { expect, it } from 'vitest';
import { readUndoInput, undoInputText } from '../../../shared/events/undo-input.ts';

const asked = { target: 'entry-1', by: 'ana', reason: undefined, dryRun: false, force: false };

it('reads who asks for what, and takes nothing for granted', () => {
  expect(readUndoInput({ undo: 'entry-1', by: 'ana' })).toEqual(asked);
  expect(readUndoInput({ undo: 'run_2', by: 'ana', reason: 'INC-7', dryRun: true, force: true })).toEqual({
    target: 'run_2',
    by: 'ana',
    reason: 'INC-7',
    dryRun: true,
    force: true,
  });
});

it('reads its own words back from its queue', () => {
  const input = { ...asked, reason: 'INC-7\nline', force: true };
  expect(readUndoInput({ Records: [{ body: undoInputText(input) }] })).toEqual(input);
});

it.each([
  [null, /^event: expected an object/],
  ['undo', /^event: expected an object/],
  [{ Records: [{ body: 'no' }] }, /^Records\[0\]\.body: expected JSON/],
  [{ undo: 'a', by: 'ana', 'undo ': 'b' }, /expected an object with undo, by, reason, dryRun, force only/],
  [{ undo: 7, by: 'ana' }, /^undo: expected the id of an entry or a run/],
  [{ undo: 'a'.repeat(65), by: 'ana' }, /^undo: expected/],
  [{ undo: 'a', by: '' }, /^by: expected who asks/],
  [{ undo: 'a', by: 'x'.repeat(201) }, /^by: expected/],
  [{ undo: 'a', by: 'ana', reason: '   ' }, /^reason: expected a reason of at most 500/],
  [{ undo: 'a', by: 'ana', reason: 'x'.repeat(501) }, /^reason: expected/],
  [{ undo: 'a', by: 'ana', dryRun: 1 }, /^dryRun: expected true or false/],
  [{ undo: 'a', by: 'ana', force: true }, /^reason: expected a reason, as force is asked for/],
])('B5.14 refuses %j with one line', (event, line) => {
  expect(() => readUndoInput(event)).toThrow(line);
});
