import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Block,
  merge,
  parseCidr,
  SPACES,
  type Space,
} from '../../../functions/revoke-open-ssh/blocks.ts';
import { coverage, cutOut } from '../../../functions/revoke-open-ssh/ports.ts';
import { type Opening, publicOnly, wideParts, worldParts } from '../../../functions/revoke-open-ssh/reach.ts';
import { fates, rule } from './builders.ts';

/** A family of 64 addresses, small enough to ask each of them. */
const BITS = 6;
const ALL = 1 << BITS;

const block = fc.nat(BITS).chain((prefix) =>
  fc.nat((1 << prefix) - 1).map((index): Block => {
    const size = BigInt(ALL >> prefix);
    return { first: BigInt(index) * size, last: (BigInt(index) + 1n) * size - 1n };
  }),
);
const space = fc
  .array(block, { maxLength: 3 })
  .map((reserved): Space => ({ bits: BITS, reserved: merge(reserved) }))
  .filter(({ reserved }) => publicOf(reserved).length > 0);
const openings = fc
  .array(fc.array(block, { minLength: 1, maxLength: 3 }), { maxLength: 8 })
  .map((all): readonly Opening<number>[] => all.map((blocks, of) => ({ of, blocks })));

function holds(blocks: readonly Block[], address: number): boolean {
  return blocks.some(({ first, last }) => first <= address && address <= last);
}

function publicOf(reserved: readonly Block[]): readonly number[] {
  return Array.from({ length: ALL }, (_, address) => address).filter((address) => !holds(reserved, address));
}

/** The model: every public address is let in by some opening. */
function isWorld(all: readonly Opening<number>[], { reserved }: Space): boolean {
  const blocks = all.flatMap((one) => one.blocks);
  return publicOf(reserved).every((address) => holds(blocks, address));
}

/** The model: some aligned block of that prefix length is let in as a whole. */
function isWide(all: readonly Opening<number>[], prefix: number): boolean {
  const blocks = all.flatMap((one) => one.blocks);
  const size = ALL >> prefix;
  return Array.from({ length: 1 << prefix }, (_, index) => index * size).some((start) =>
    Array.from({ length: size }, (_, offset) => start + offset).every((address) => holds(blocks, address)),
  );
}

function without(all: readonly Opening<number>[], parts: readonly Opening<number>[]) {
  return all.filter((one) => !parts.includes(one));
}

describe('B3.9 against a model that asks every address', () => {
  it('finds parts exactly when the union is the world, and none remains without them', () => {
    fc.assert(
      fc.property(openings, space, (all, within) => {
        const parts = worldParts(all, within);
        expect(parts.length > 0).toBe(isWorld(all, within));
        expect(isWorld(without(all, parts), within)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('takes only what is needed for some world: the model tries every set of openings', () => {
    const few = openings.map((all) => all.slice(0, 6));
    fc.assert(
      fc.property(few, space, (all, within) => {
        const sets = Array.from({ length: 1 << all.length }, (_, set) =>
          all.filter((_one, at) => set & (1 << at)),
        );
        const needed = sets.filter(
          (set) => isWorld(set, within) && set.every((one) => !isWorld(without(set, [one]), within)),
        );
        for (const part of worldParts(all, within)) expect(needed.flat()).toContain(part);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves a smaller opening alone that adds nothing to a world', () => {
    fc.assert(
      fc.property(openings, block, space, (all, inner, within) => {
        fc.pre(isWorld(all, within));
        const whole = { of: 100, blocks: [{ first: 0n, last: BigInt(ALL) - 1n }] };
        const neighbour = { of: 101, blocks: [inner] };
        fc.pre(inner.last - inner.first + 1n < BigInt(ALL));
        const alone = worldParts([neighbour, whole], within);
        expect(alone).toEqual(isWorld([neighbour], within) ? [whole, neighbour] : [whole]);
      }),
      { numRuns: 200 },
    );
  });

  it('B3.10 finds wide parts exactly when a whole aligned block is let in', () => {
    fc.assert(
      fc.property(openings, fc.integer({ min: 1, max: BITS }), (all, prefix) => {
        const parts = wideParts(all, { bits: BITS, reserved: [] }, prefix);
        expect(parts.length > 0).toBe(isWide(all, prefix));
        expect(isWide(without(all, parts), prefix)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('B3.11 drops exactly what lies in reserved space', () => {
    fc.assert(
      fc.property(openings, space, (all, within) => {
        for (const kept of publicOnly(all, within)) {
          for (const one of kept.blocks) expect(within.reserved).not.toContainEqual(one);
        }
        expect(isWorld(publicOnly(all, within), within)).toBe(isWorld(all, within));
      }),
    );
  });

  it('merged blocks hold the same addresses and never touch', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 10 }), (blocks) => {
        const merged = merge(blocks);
        for (let address = 0; address < ALL; address++) {
          expect(holds(merged, address)).toBe(holds(blocks, address));
        }
        merged.slice(1).forEach((next, index) => {
          expect(next.first > (merged[index]?.last ?? 0n) + 1n).toBe(true);
        });
      }),
    );
  });
});

describe('B3.9 on real addresses', () => {
  /** Splits the whole family into blocks by cutting random ones in half. */
  const split = (bits: number, write: (first: bigint, prefix: number) => string) =>
    fc.array(fc.nat(), { maxLength: 20 }).map((cuts) => {
      let blocks: { first: bigint; prefix: number }[] = [{ first: 0n, prefix: 0 }];
      for (const cut of cuts) {
        const chosen = blocks[cut % blocks.length];
        if (chosen === undefined || chosen.prefix > 24) continue;
        const half = 1n << BigInt(bits - chosen.prefix - 1);
        const halves = [chosen.first, chosen.first + half].map((first) => ({
          first,
          prefix: chosen.prefix + 1,
        }));
        blocks = [...blocks.filter((one) => one !== chosen), ...halves];
      }
      return blocks.map(({ first, prefix }) => write(first, prefix));
    });
  const v4 = (first: bigint, prefix: number) =>
    `${[24n, 16n, 8n, 0n].map((shift) => (first >> shift) & 255n).join('.')}/${prefix}`;
  const v6 = (first: bigint, prefix: number) =>
    `${Array.from({ length: 8 }, (_, part) => ((first >> BigInt(112 - part * 16)) & 0xffffn).toString(16)).join(':')}/${prefix}`;

  it.each([
    ['IPv4', split(32, v4), 'ipv4' as const],
    ['IPv6', split(128, v6), 'ipv6' as const],
  ])('every split of all of %s is the world; without a public part it is not', (_family, splits, family) => {
    fc.assert(
      fc.property(splits, (cidrs) => {
        const rules = cidrs.map((cidr) => `tcp 22 ${cidr}`);
        const isPublic = (cidr: string) => {
          const parsed = parseCidr(cidr);
          const within = SPACES[family].reserved;
          return (
            parsed !== undefined &&
            !within.some(({ first, last }) => first <= parsed.first && parsed.last <= last)
          );
        };
        const expected = cidrs.map((cidr) => (isPublic(cidr) ? 'revoke' : 'keep'));
        expect(fates(rules)).toEqual(expected);
        const dropped = expected.lastIndexOf('revoke');
        expect(fates(rules.toSpliced(dropped, 1))).not.toContain('revoke');
      }),
      { numRuns: 60 },
    );
  });
});

describe('CIDR blocks', () => {
  it.each([
    ['10.0.0.0/8', 'ipv4', 0x0a000000n, 0x0affffffn],
    ['172.31.15.0/20', 'ipv4', 0xac1f0000n, 0xac1f0fffn],
    ['203.0.113.9/0', 'ipv4', 0n, 0xffffffffn],
    ['8.8.8.8/32', 'ipv4', 0x08080808n, 0x08080808n],
    ['::/0', 'ipv6', 0n, (1n << 128n) - 1n],
    ['2001:db8::1/32', 'ipv6', 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
    ['::1/128', 'ipv6', 1n, 1n],
    ['::ffff:0:0/96', 'mapped', 0n, 0xffffffffn],
    ['::ffff:8.0.0.0/104', 'mapped', 0x08000000n, 0x08ffffffn],
    ['::ffff:0:0/95', 'ipv6', 0xfffe00000000n, 0xffffffffffffn],
  ])('B3.7 B3.8 reads %s', (cidr, family, first, last) => {
    expect(parseCidr(cidr)).toEqual({ family, first, last });
  });

  it.each([
    '',
    '10/8',
    '10.0.0.0',
    '10.0.0.0/33',
    '::/129',
    '::',
    'pl-1',
    '0x0.0.0.0/0',
    '1.2.3.4/-1',
    'x:y/1',
  ])('does not take %j for one', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it('B3.11 knows the reserved space of both families', () => {
    const lines = (family: 'ipv4' | 'ipv6') =>
      SPACES[family].reserved.map(({ first, last }) => `${first.toString(16)}-${last.toString(16)}`);

    expect(lines('ipv4')).toEqual([
      '0-ffffff',
      'a000000-affffff',
      '64400000-647fffff',
      '7f000000-7fffffff',
      'a9fe0000-a9feffff',
      'ac100000-ac1fffff',
      'c0000000-c00000ff',
      'c0000200-c00002ff',
      'c0a80000-c0a8ffff',
      'c6120000-c613ffff',
      'c6336400-c63364ff',
      'cb007100-cb0071ff',
      'e0000000-ffffffff',
    ]);
    expect(lines('ipv6')).toEqual([
      `0-${'100'}${'0'.repeat(12)}${'f'.repeat(16)}`,
      `20010db8${'0'.repeat(24)}-20010db8${'f'.repeat(24)}`,
      `3fff${'0'.repeat(28)}-3fff0${'f'.repeat(27)}`,
      `fc${'0'.repeat(30)}-fd${'f'.repeat(30)}`,
      `fe8${'0'.repeat(29)}-${'f'.repeat(32)}`,
    ]);
    expect(SPACES.mapped).toBe(SPACES.ipv4);
  });
});

describe('ports', () => {
  it('B3.2 a rule covers exactly the ports of its range', () => {
    const port = fc.nat(65_535);
    fc.assert(
      fc.property(port, port, port, (from, to, asked) => {
        const expected = from > to ? 'unclear' : asked >= from && asked <= to ? 'yes' : 'no';
        expect(coverage(rule(`tcp ${from}-${to} ::/0`), asked)).toBe(expected);
      }),
    );
  });

  it('B3.22 what is cut out and what is left are the range again', () => {
    const port = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(port, port, fc.uniqueArray(port, { maxLength: 6 }), (one, other, asked) => {
        const from = Math.min(one, other);
        const to = Math.max(one, other);
        const cuts = asked.filter((cut) => from <= cut && cut <= to);
        const left = cutOut({ from, to }, cuts).flatMap((piece) =>
          Array.from({ length: piece.to - piece.from + 1 }, (_, index) => piece.from + index),
        );
        expect([...left, ...cuts].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
      }),
    );
  });
});

it('B3.9 B6.33 a thousand rules, halves of the world in as many ranges, are judged at once', () => {
  const halves = Array.from(
    { length: 1000 },
    (_, index) => `tcp 22-${22 + index} ${index % 2 === 0 ? '0.0.0.0/1' : '128.0.0.0/1'}`,
  );

  expect(new Set(fates(halves, { settings: { onWiderRange: 'revoke' } }))).toEqual(new Set(['revoke']));
});
