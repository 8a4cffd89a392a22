import { type Block, type Family, parseCidr, SPACES } from './blocks.ts';
import { type Coverage, coverage } from './ports.ts';
import { type Opening, publicOnly, wideParts, worldParts } from './reach.ts';
import type { Rule } from './rule.ts';
import type { Settings } from './settings.ts';

/** What a prefix list holds. AWS's own lists name AWS's own services and are allowed (B3.13). */
export type PrefixList =
  | { readonly kind: 'aws' }
  | { readonly kind: 'entries'; readonly cidrs: readonly string[] }
  | { readonly kind: 'unreadable'; readonly why: string };

export type Breadth = 'world' | 'wide' | 'mapped';

/** One watched port that a rule helps to open too far. */
export interface Concern {
  readonly rule: Rule;
  readonly port: number;
  readonly action: 'revoke' | 'alert';
  readonly breadth: Breadth;
}

/** A rule of which it cannot be told whether it opens a watched port. */
export interface Unclear {
  readonly rule: Rule;
  readonly why: string;
}

export interface Assessment {
  readonly concerns: readonly Concern[];
  readonly unclear: readonly Unclear[];
}

type Sourced = Opening<Rule> & { readonly family: Family };

/** Which rules let the world, or a large part of it, reach a watched port; exact about unions of any number of rules. */
export function assess(
  rules: readonly Rule[],
  lists: ReadonlyMap<string, PrefixList>,
  { ports, wideBlocks }: Settings,
): Assessment {
  const unclear = new Map<Rule, string>();
  const opening = (rule: Rule, covered: Coverage): readonly Sourced[] => {
    if (covered === 'no' || rule.source.kind === 'security-group') return [];
    const sourced = covered === 'unclear' ? 'its ports are missing or out of order' : sources(rule, lists);
    if (typeof sourced !== 'string') return sourced;
    unclear.set(rule, sourced);
    return [];
  };
  const concerns = ports.flatMap(({ port, action }) => {
    const openings = rules.flatMap((rule) => opening(rule, coverage(rule, port)));
    return breadths(openings, wideBlocks).map(({ rule, breadth }) => ({ rule, port, action, breadth }));
  });
  return { concerns, unclear: [...unclear].map(([rule, why]) => ({ rule, why })) };
}

/** The addresses that a rule lets in, or why they cannot be told. */
function sources(rule: Rule, lists: ReadonlyMap<string, PrefixList>): readonly Sourced[] | string {
  const cidrs = cidrsOf(rule, lists);
  if (typeof cidrs === 'string') return cidrs;
  const blocks: (Block & { readonly family: Family })[] = [];
  for (const cidr of cidrs) {
    const block = parseCidr(cidr);
    if (block === undefined) return `${cidr} is not a CIDR block`;
    blocks.push(block);
  }
  const families = Map.groupBy(blocks, ({ family }) => family);
  return [...families].map(([family, own]) => ({ of: rule, family, blocks: own }));
}

function cidrsOf({ source }: Rule, lists: ReadonlyMap<string, PrefixList>): readonly string[] | string {
  if (source.kind === 'cidr') return [source.cidr];
  const list = lists.get(source.id);
  if (list === undefined) return `prefix list ${source.id} was not read`;
  if (list.kind === 'unreadable') return `prefix list ${source.id} cannot be read: ${list.why}`;
  return list.kind === 'aws' ? [] : list.cidrs;
}

interface Broad {
  readonly rule: Rule;
  readonly breadth: Breadth;
}

/** Family by family, and only those that there are: most groups of a large account open none of them. */
function breadths(sourced: readonly Sourced[], wide: Settings['wideBlocks']): readonly Broad[] {
  const families = Map.groupBy(sourced, ({ family }) => family);
  return FAMILIES.flatMap((family) => {
    const openings = families.get(family);
    return openings === undefined ? [] : broadOf(family, publicOnly(openings, SPACES[family]), wide);
  });
}

const FAMILIES = ['ipv4', 'ipv6', 'mapped'] as const;

function broadOf(
  family: Family,
  openings: readonly Opening<Rule>[],
  wide: Settings['wideBlocks'],
): readonly Broad[] {
  const world = worldParts(openings, SPACES[family]);
  if (family === 'mapped') return named(world, 'mapped');
  const rest = openings.filter((opening) => !world.includes(opening));
  const large = wide.action === 'ignore' ? [] : wideParts(rest, SPACES[family], wide[family]);
  return [...named(world, 'world'), ...named(large, 'wide')];
}

function named(openings: readonly Opening<Rule>[], breadth: Breadth): readonly Broad[] {
  return openings.map(({ of: rule }) => ({ rule, breadth }));
}
