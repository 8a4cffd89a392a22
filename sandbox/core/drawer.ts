import type { Where } from './service.ts';
import type { World } from './world.ts';

type Place = Pick<Where, 'account' | 'region' | 'partition'> & { readonly world: World };

/** A service's state: one `T` for each account and region of each world, made at first use. */
export interface Drawer<T> {
  of(place: Place): T;
  /** Every state made so far in this world. */
  all(world: World): readonly { readonly account: string; readonly region: string; readonly state: T }[];
}

/** `const groups = drawer(() => new Map<string, Group>())`, then `groups.of(call)`. */
export function drawer<T>(make: (place: Place) => T): Drawer<T> {
  const worlds = new WeakMap<World, Map<string, { account: string; region: string; state: T }>>();
  const inside = (world: World) => {
    const found = worlds.get(world) ?? new Map<string, { account: string; region: string; state: T }>();
    worlds.set(world, found);
    return found;
  };
  return {
    of(place) {
      const states = inside(place.world);
      const key = `${place.account}/${place.region}`;
      const found = states.get(key);
      if (found) return found.state;
      const state = make(place);
      states.set(key, { account: place.account, region: place.region, state });
      return state;
    },
    all: (world) => [...inside(world).values()],
  };
}
