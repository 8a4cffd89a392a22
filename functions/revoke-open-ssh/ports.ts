import type { Rule } from './rule.ts';

export type Coverage = 'yes' | 'no' | 'unclear';

/** A run of ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

const ALL_PORTS: PortRange = { from: 0, to: 65_535 };

/**
 * The TCP ports that a rule lets through. For protocols without ports (ESP, GRE …) AWS ignores the port fields, and for
 * ICMP they are type and code: none of them is TCP (B3.4, B3.5).
 */
export function tcpPorts({ protocol, fromPort, toPort }: Rule): PortRange | 'none' | 'unclear' {
  if (isAllTraffic(protocol)) return ALL_PORTS;
  if (!isTcp(protocol)) return 'none';
  const { from, to } = { from: fromPort ?? -1, to: toPort ?? -1 };
  return from < 0 || from > to ? 'unclear' : { from, to };
}

/** Whether a rule lets TCP to this port through. */
export function coverage(rule: Rule, port: number): Coverage {
  const ports = tcpPorts(rule);
  if (ports === 'unclear') return 'unclear';
  return ports !== 'none' && ports.from <= port && port <= ports.to ? 'yes' : 'no';
}

export function isAllTraffic(protocol: string): boolean {
  return protocol === '-1';
}

function isTcp(protocol: string): boolean {
  return protocol === '6' || protocol.toLowerCase() === 'tcp';
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
