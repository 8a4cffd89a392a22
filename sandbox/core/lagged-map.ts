import type { World } from './world.ts';

/**
 * A collection with AWS's eventual consistency: writes meet `newest`, reads meet `seen()`, the state as of
 * `behaviour.consistencyMs` ago. Values are replaced, never changed in place.
 */
export interface LaggedMap<V> {
  readonly newest: ReadonlyMap<string, V>;
  set(key: string, value: V): void;
  delete(key: string): void;
  seen(): ReadonlyMap<string, V>;
}

interface Past<V> {
  /** Epoch ms at which this value was replaced. */
  readonly until: number;
  /** Absent: the key did not exist. */
  readonly value: V | undefined;
}

/** An empty collection on the world's clock. */
export function laggedMap<V>(world: Pick<World, 'clock' | 'behaviour'>): LaggedMap<V> {
  const newest = new Map<string, V>();
  /** Oldest first; only what some reader may still see. */
  const pasts = new Map<string, Past<V>[]>();

  const remember = (key: string) => {
    if (world.behaviour.consistencyMs === 0) return;
    const past = pasts.get(key) ?? [];
    past.push({ until: world.clock.now(), value: newest.get(key) });
    pasts.set(key, past);
  };

  return {
    newest,
    set(key, value) {
      remember(key);
      newest.set(key, value);
    },
    delete(key) {
      remember(key);
      newest.delete(key);
    },
    seen() {
      const horizon = world.clock.now() - world.behaviour.consistencyMs;
      const view = new Map(pasts.size === 0 ? [] : newest);
      for (const [key, past] of pasts) {
        const kept = past.filter((version) => version.until > horizon);
        const shown = kept[0];
        if (!shown) pasts.delete(key);
        else if (shown.value === undefined) view.delete(key);
        else view.set(key, shown.value);
      }
      return pasts.size === 0 ? newest : view;
    },
  };
}
