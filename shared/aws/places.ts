import { PlaceRefused } from '../engine/ports.ts';
import type { Place } from '../engine/signal.ts';
import type { Aws } from './access.ts';
import { enabledRegions } from './ec2/regions.ts';

export interface SweepScope {
  /** `own`: the region that we run in; `all-enabled`: every region that the account has enabled. */
  readonly regions: 'own' | 'all-enabled' | readonly string[];
  readonly accounts: readonly string[];
}

export interface Places {
  readonly places: readonly Place[];
  /** Accounts whose regions could not be listed, by their home place; the others go on (B5.26). */
  readonly refused: readonly { readonly place: Place; readonly refusal: PlaceRefused }[];
}

/** Every account and region that a sweep has to visit. */
export async function placesFor(
  scope: SweepScope,
  home: Place,
  enter: (place: Place) => Promise<Aws>,
): Promise<Places> {
  const places: Place[] = [];
  const refused: { place: Place; refusal: PlaceRefused }[] = [];
  for (const account of scope.accounts) {
    const start: Place = { partition: home.partition, account, region: home.region };
    try {
      const regions = await regionsOf(scope, start, enter);
      places.push(...regions.map((region) => ({ ...start, region })));
    } catch (error) {
      refused.push({ place: start, refusal: refusalFrom(error, account) });
    }
  }
  return { places, refused };
}

async function regionsOf(
  { regions }: SweepScope,
  start: Place,
  enter: (place: Place) => Promise<Aws>,
): Promise<readonly string[]> {
  if (regions === 'own') return [start.region];
  return regions === 'all-enabled' ? enabledRegions(await enter(start)) : regions;
}

function refusalFrom(error: unknown, account: string): PlaceRefused {
  if (error instanceof PlaceRefused) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new PlaceRefused(
    'failed',
    'regions-unreadable',
    `regions of account ${account} could not be listed: ${why}`,
  );
}
