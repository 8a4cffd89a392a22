import ipaddr from 'ipaddr.js';
import { AwsError } from '../../core/errors.ts';

const malformed = (cidr: string) => new AwsError('InvalidParameterValue', `CIDR block ${cidr} is malformed`);

/** `203.0.113.9/24` as AWS stores it, `203.0.113.0/24`. */
export function canonicalIpv4(cidr: string): string {
  if (!/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(cidr) || !ipaddr.IPv4.isValidCIDR(cidr)) throw malformed(cidr);
  return `${ipaddr.IPv4.networkAddressFromCIDR(cidr)}/${prefixLength(cidr)}`;
}

/** `2001:DB8:0::1/32` as AWS stores it, `2001:db8::/32`. */
export function canonicalIpv6(cidr: string): string {
  if (!/^[0-9a-f:.]+\/\d{1,3}$/i.test(cidr) || !ipaddr.IPv6.isValidCIDR(cidr)) throw malformed(cidr);
  return `${ipaddr.IPv6.networkAddressFromCIDR(cidr).toRFC5952String()}/${prefixLength(cidr)}`;
}

/** The number after the slash. */
export function prefixLength(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}

/** First address of an IPv4 block as a number, and how many it has. */
export function ipv4Span(cidr: string): { readonly first: number; readonly size: number } {
  const first = ipaddr.IPv4.networkAddressFromCIDR(cidr)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
  return { first, size: 2 ** (32 - prefixLength(cidr)) };
}

/** Does `outer` contain all of `inner`? Both IPv4. */
export function ipv4Contains(outer: string, inner: string): boolean {
  const [a, b] = [ipv4Span(outer), ipv4Span(inner)];
  return a.first <= b.first && b.first + b.size <= a.first + a.size;
}

/** Do two IPv4 blocks share an address? */
export function ipv4Overlaps(one: string, other: string): boolean {
  return ipv4Contains(one, other) || ipv4Contains(other, one);
}

/** The `index`th address of an IPv4 block, dotted. */
export function ipv4At(cidr: string, index: number): string {
  const address = ipv4Span(cidr).first + index;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
