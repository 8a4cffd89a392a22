import { expect, it } from 'vitest';
import { unexplainedLetters } from './dead-letters.ts';

const letter = (...struck: readonly number[]) => ({
  fn: 'revoke-open-ssh' as const,
  event: { reeve: 'sweep' },
  tries: struck.map((times) => ({ why: 'NothingRead', struck: times })),
});

it.each([
  { tries: [1, 2, 1], unexplained: 0 },
  { tries: [1, 0, 1], unexplained: 1 },
  { tries: [0, 0, 0], unexplained: 1 },
  { tries: [], unexplained: 1 },
])(
  'B5.17 a dead letter whose tries were struck $tries times: $unexplained unexplained',
  ({ tries, unexplained }) => {
    expect(unexplainedLetters([letter(...tries)])).toHaveLength(unexplained);
  },
);
