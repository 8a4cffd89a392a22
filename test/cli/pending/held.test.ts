import { expect, it } from 'vitest';
import type { Announced, Standing } from '../../../cli/pending/announced.ts';
import { heldBy, heldUp } from '../../../cli/pending/held.ts';
import type { LastScans } from '../../../shared/engine/shrinkage.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-21T08:00:00Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const HERE = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const THERE = { ...HERE, region: 'us-east-1' };

function scans(since: Date): LastScans {
  return new Map([
    ['111122223333, eu-west-1', { scanned: 120, fewer: { since, paged: since } }],
    ['111122223333, us-east-1', { scanned: 7 }],
  ]);
}

it.each([
  { since: ago(3 * DAY - 1), places: 1 },
  { since: ago(3 * DAY), places: 0 },
])('B6.6 for three days a place is held back: since $since that is $places', ({ since, places }) => {
  const held = heldBy('revoke-open-ssh', scans(since), [], NOW);
  expect(held).toHaveLength(places);
});

it.each([
  { state: 'scanned' as const, read: 4 },
  { state: 'skipped' as const, read: undefined },
])('tells how many were read just now where the place was $state', ({ state, read }) => {
  const places = [{ ...HERE, state, reason: undefined, scanned: 4, compliant: 4 }];
  const [held] = heldBy('revoke-open-ssh', scans(ago(DAY)), places, NOW);
  expect(held).toMatchObject({ region: 'eu-west-1', since: ago(DAY), before: 120, read });
});

function announced(place: typeof HERE, standing: Standing): Announced {
  const resource = { type: 'AWS::EC2::SecurityGroup', id: 'sg-1', arn: 'arn', name: undefined };
  const text = { summary: 's', note: 'n', stop: 's', left: undefined };
  return { ...place, policy: 'p', resource, ...text, since: undefined, due: NOW, told: true, standing };
}

it.each([
  { place: HERE, standing: 'due', ends: 'waiting', note: /held back until 2026-11-23T08:00/ },
  { place: HERE, standing: 'void', ends: 'void', note: /^n$/ },
  { place: THERE, standing: 'due', ends: 'due', note: /^n$/ },
] as const)(
  'what is $standing in $place.region is $ends while eu-west-1 is held back',
  ({ place, standing, ends, note }) => {
    const held = heldBy('p', scans(ago(DAY)), [], NOW);
    const [each] = heldUp([announced(place, standing)], held);
    expect(each?.standing).toBe(ends);
    expect(each?.note).toMatch(note);
  },
);
