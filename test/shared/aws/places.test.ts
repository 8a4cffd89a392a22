import { expect, it } from 'vitest';
import { createAws } from '../../../shared/aws/factory.ts';
import { placesFor } from '../../../shared/aws/places.ts';
import { PlaceRefused } from '../../../shared/engine/ports.ts';
import type { Place } from '../../../shared/engine/signal.ts';
import { HOME, simulated } from './fixture.ts';

const OTHER = '444455556666';

function scene() {
  const base = simulated();
  const entered: Place[] = [];
  const enter = async (place: Place) => {
    entered.push(place);
    if (place.account === OTHER) throw new PlaceRefused('failed', 'no-role', 'no role there');
    return createAws(place, base.connection());
  };
  return { ...base, enter, entered };
}

const regionsOf = (places: readonly Place[]): readonly string[] => places.map(({ region }) => region);

it.each([
  ['own', ['eu-west-1']],
  [
    ['us-east-1', 'eu-west-1'],
    ['us-east-1', 'eu-west-1'],
  ],
] as const)('sweeps %j without asking AWS', async (regions, expected) => {
  const { enter, entered } = scene();

  const { places, refused } = await placesFor({ regions, accounts: [HOME.account] }, HOME, enter);

  expect(regionsOf(places)).toEqual(expected);
  expect([refused, entered]).toEqual([[], []]);
});

it('B5.30 sweeps the regions that the account has enabled, and no other', async () => {
  const { enter, world } = scene();
  const known = world.accounts.get(HOME.account)?.regions ?? new Map();
  const enabled = [...known].filter(([, state]) => state !== 'not-opted-in').map(([name]) => name);

  const { places } = await placesFor({ regions: 'all-enabled', accounts: [HOME.account] }, HOME, enter);

  expect(regionsOf(places)).toEqual(enabled.sort());
  expect(enabled.length).toBeGreaterThan(0);
  expect(enabled.length).toBeLessThan(known.size);
});

it('B5.26 an account whose regions cannot be listed is told, and the others are swept', async () => {
  const { enter, world } = scene();

  const scope = { regions: 'all-enabled' as const, accounts: [OTHER, HOME.account] };
  const { places, refused } = await placesFor(scope, HOME, enter);

  expect(refused).toMatchObject([{ place: { account: OTHER }, refusal: { code: 'no-role' } }]);
  expect(new Set(places.map(({ account }) => account))).toEqual(new Set([HOME.account]));

  world.faults.add({ operation: 'DescribeRegions', kind: 'denied' });
  const denied = await placesFor({ ...scope, accounts: [HOME.account] }, HOME, enter);
  expect(denied).toMatchObject({ places: [], refused: [{ refusal: { code: 'regions-unreadable' } }] });
});
