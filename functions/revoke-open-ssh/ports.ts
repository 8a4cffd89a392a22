import type { Rule } from './rule.ts';

export type Coverage = 'yes' | 'no' | 'unclear';

/**
 * Whether a rule lets TCP to this port through. For protocols without ports (ESP, GRE …) AWS ignores the port fields,
 * and for ICMP they are type and code: none of them is TCP (B3.4, B3.5).
 */
export function coverage({ protocol, fromPort, toPort }: Rule, port: number): Coverage {
  if (isAllTraffic(protocol)) return 'yes';
  if (!isTcp(protocol)) return 'no';
  if (fromPort === undefined || toPort === undefined) return 'unclear';
  if (fromPort < 0 || fromPort > toPort) return 'unclear';
  return fromPort <= port && port <= toPort ? 'yes' : 'no';
}

export function isAllTraffic(protocol: string): boolean {
  return protocol === '-1';
}

function isTcp(protocol: string): boolean {
  return protocol === '6' || protocol.toLowerCase() === 'tcp';
}

/** A run of ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The pieces of a range that are left when some ports are cut out of it, in order. */
export function cutOut({ from, to }: PortRange, ports: readonly number[]): readonly PortRange[] {
  const cuts = [...ports].sort((a, b) => a - b);
  const starts = [from, ...cuts.map((port) => port + 1)];
  const ends = [...cuts.map((port) => port - 1), to];
  return starts
    .map((start, index) => ({ from: start, to: ends[index] ?? to }))
    .filter((piece) => piece.from <= piece.to);
}
