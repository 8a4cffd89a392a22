import type { PrefixList } from './assess.ts';

/** What is known about one group's surroundings; nothing here can turn a violation into none. */
export interface Facts {
  /** Network interfaces that use the group; undefined when they could not be read or were not asked for. */
  readonly interfaces: number | undefined;
  /** Why nobody on the internet can use the opening right now, e.g. "no interface has a public address" (B3.46). */
  readonly shield: string | undefined;
  /** Further VPCs that the group is associated with (B3.43). */
  readonly otherVpcs: readonly string[];
  /** The customer-managed and AWS-managed prefix lists that the group's rules name. */
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
}

/** When nothing around a group is known: no shield, no list, nothing that would let a wider rule go. */
export const NO_FACTS: Facts = {
  interfaces: undefined,
  shield: undefined,
  otherVpcs: [],
  prefixLists: new Map(),
};
