import ipaddr from 'ipaddr.js';

/** A run of addresses, both ends included. */
export interface Block {
  readonly first: bigint;
  readonly last: bigint;
}

/** `mapped` is IPv4 written as IPv6 (`::ffff:0:0/96`): no packet on the internet carries it (B3.12). */
export type Family = 'ipv4' | 'ipv6' | 'mapped';

/** All addresses of a family, and those among them that no one on the internet can have. */
export interface Space {
  readonly bits: number;
  readonly reserved: readonly Block[];
}

const MAPPED: Block = { first: 0xffff_0000_0000n, last: 0xffff_ffff_ffffn };

/** Reads a CIDR block in any spelling; host bits are cut off, as AWS does. Undefined when it is none. */
export function parseCidr(cidr: string): (Block & { readonly family: Family }) | undefined {
  const v6 = cidr.includes(':');
  // IPv4 in four decimal parts only: the library also reads `10/8` as 0.0.0.10/8.
  if (!(v6 ? ipaddr.IPv6.isValidCIDR(cidr) : ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr))) return undefined;
  // Not ipaddr.parseCIDR, which tries to read every IPv4 block as IPv6 first: a tenth of a large sweep.
  const [address, prefix] = v6 ? ipaddr.IPv6.parseCIDR(cidr) : ipaddr.IPv4.parseCIDR(cidr);
  const bytes = address.toByteArray();
  const hosts = 1n << BigInt(bytes.length * 8 - prefix);
  const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const first = number - (number % hosts);
  const block = { first, last: first + hosts - 1n };
  if (!v6) return { family: 'ipv4', ...block };
  if (!within(block, MAPPED)) return { family: 'ipv6', ...block };
  return { family: 'mapped', first: block.first - MAPPED.first, last: block.last - MAPPED.first };
}

/** Whether the first block lies wholly inside the second. */
export function within(inner: Block, outer: Block): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** The same addresses in the fewest blocks, in order. */
export function merge(blocks: readonly Block[]): readonly Block[] {
  const merged: Block[] = [];
  for (const block of [...blocks].sort((a, b) => Number(a.first - b.first))) {
    const before = merged.at(-1);
    if (before === undefined || block.first > before.last + 1n) {
      merged.push(block);
    } else if (block.last > before.last) {
      merged[merged.length - 1] = { first: before.first, last: block.last };
    }
  }
  return merged;
}

/** Whether the blocks together hold every address of the target. */
export function covers(blocks: readonly Block[], target: Block): boolean {
  return merge(blocks).some((block) => within(target, block));
}

function reserved(cidrs: readonly string[]): readonly Block[] {
  return merge(
    cidrs.map((cidr) => {
      const block = parseCidr(cidr);
      if (block === undefined) throw new Error(`${cidr} is not a CIDR block`);
      return { first: block.first, last: block.last };
    }),
  );
}

/** IANA's special-purpose registry: private, shared, loopback, link-local, documentation, benchmarking, multicast, class E. */
const IPV4: Space = {
  bits: 32,
  reserved: reserved([
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
  ]),
};

/** Unallocated space counts as public: it may be given out tomorrow. */
const IPV6: Space = {
  bits: 128,
  reserved: reserved(['::/8', '100::/64', '2001:db8::/32', '3fff::/20', 'fc00::/7', 'fe80::/9', 'ff00::/8']),
};

export const SPACES: Readonly<Record<Family, Space>> = { ipv4: IPV4, ipv6: IPV6, mapped: IPV4 };
