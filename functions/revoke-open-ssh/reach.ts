import { type Block, covers, merge, type Space, within } from './blocks.ts';

/** Something that opens addresses: a rule with its blocks of one family. */
export interface Opening<T> {
  readonly of: T;
  readonly blocks: readonly Block[];
}

/** Leaves out what opens private and other reserved addresses only: nobody on the internet has those (B3.11). */
export function publicOnly<T>(openings: readonly Opening<T>[], space: Space): readonly Opening<T>[] {
  return openings.map(({ of, blocks }) => ({
    of,
    blocks: merge(blocks.filter((block) => !space.reserved.some((reserved) => within(block, reserved)))),
  }));
}

/**
 * The openings that together let every public address in: without them the world is no longer inside, and each
 * opening that is not needed for that stays (an office range beside two halves of the world).
 */
export function worldParts<T>(openings: readonly Opening<T>[], space: Space): readonly Opening<T>[] {
  const world: Block = { first: 0n, last: (1n << BigInt(space.bits)) - 1n };
  const isWorld = (left: readonly Opening<T>[]) => covers([...blocksOf(left), ...space.reserved], world);
  return peel(openings, (left) => (isWorld(left) ? world : undefined), space.reserved);
}

/** The openings that let in a whole aligned block of that prefix length or more, alone or together (B3.10). */
export function wideParts<T>(
  openings: readonly Opening<T>[],
  space: Space,
  prefix: number,
): readonly Opening<T>[] {
  const size = 1n << BigInt(space.bits - prefix);
  const wholeBlocks = (left: readonly Opening<T>[]) =>
    merge(blocksOf(left))
      .map(({ first, last }) => ({
        first: ((first + size - 1n) / size) * size,
        last: ((last + 1n) / size) * size - 1n,
      }))
      .find(({ first, last }) => first <= last);
  return peel(openings, wholeBlocks, []);
}

/** Takes away one sufficient set after the other, until what is left reaches no target any more. */
function peel<T>(
  openings: readonly Opening<T>[],
  targetOf: (left: readonly Opening<T>[]) => Block | undefined,
  filler: readonly Block[],
): readonly Opening<T>[] {
  const parts: Opening<T>[] = [];
  let left = openings;
  for (let target = targetOf(left); target !== undefined; target = targetOf(left)) {
    const needed = sufficient(left, target, filler);
    parts.push(...needed);
    left = left.filter((opening) => !needed.includes(opening));
  }
  return parts;
}

/** A set that covers the target, but would not with any member less; the smallest are left out first. */
function sufficient<T>(
  openings: readonly Opening<T>[],
  target: Block,
  filler: readonly Block[],
): readonly Opening<T>[] {
  let needed = contributing(openings, target, filler);
  for (const opening of needed) {
    const others = needed.filter((other) => other !== opening);
    if (covers([...blocksOf(others), ...filler], target)) needed = others;
  }
  return needed;
}

/** Those that add to the target what no larger one does, smallest first: a thousand rules are mostly each other's copies. */
function contributing<T>(
  openings: readonly Opening<T>[],
  target: Block,
  filler: readonly Block[],
): readonly Opening<T>[] {
  const bySize = [...openings].sort((a, b) => Number(sizeOf(a) - sizeOf(b)));
  const chosen = new Set<Opening<T>>();
  let covered = merge(filler);
  for (const opening of bySize.toReversed()) {
    const fresh = opening.blocks.filter(
      (block) => overlaps(block, target) && !covered.some((known) => within(block, known)),
    );
    if (fresh.length === 0) continue;
    chosen.add(opening);
    covered = merge([...covered, ...fresh]);
    if (covered.some((known) => within(target, known))) break;
  }
  return bySize.filter((opening) => chosen.has(opening));
}

function overlaps(a: Block, b: Block): boolean {
  return a.first <= b.last && b.first <= a.last;
}

function sizeOf<T>({ blocks }: Opening<T>): bigint {
  return blocks.reduce((sum, { first, last }) => sum + (last - first), 0n);
}

function blocksOf<T>(openings: readonly Opening<T>[]): readonly Block[] {
  return openings.flatMap(({ blocks }) => blocks);
}
