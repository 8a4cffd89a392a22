import type { Breadth, Concern } from './assess.ts';
import type { Facts } from './facts.ts';
import { isAllTraffic, tcpPorts } from './ports.ts';
import type { Rule } from './rule.ts';
import type { Settings } from './settings.ts';

/** What is to be done with one rule, and why in the owner's words. */
export interface Treated {
  readonly rule: Rule;
  readonly treatment: 'revoke' | 'narrow' | 'alert';
  readonly why: string;
  readonly breadth: Breadth;
  /** The watched ports that it opens too far. */
  readonly ports: readonly number[];
  /** Those of them that may be closed. */
  readonly closing: readonly number[];
}

/** Decides for each rule concerned whether it goes, is narrowed, or is only told about (B3.21, B3.23, B3.48). */
export function treat(concerns: readonly Concern[], facts: Facts, settings: Settings): readonly Treated[] {
  const byRule = Map.groupBy(concerns, ({ rule }) => rule);
  return [...byRule].map(([rule, about]) => {
    const ports = portsOf(about);
    const closing = portsOf(about.filter((concern) => mayClose(concern, settings)));
    const breadth =
      BREADTHS.find((wanted) => about.some((concern) => concern.breadth === wanted)) ?? 'mapped';
    return { rule, ports, closing, breadth, ...decide(rule, breadth, closing, facts, settings) };
  });
}

/** Each once: a list may open a port for both families. */
function portsOf(concerns: readonly Concern[]): readonly number[] {
  return [...new Set(concerns.map(({ port }) => port))];
}

const BREADTHS: readonly Breadth[] = ['world', 'wide', 'mapped'];

function mayClose({ breadth, action }: Concern, { wideBlocks }: Settings): boolean {
  if (action === 'alert' || breadth === 'mapped') return false;
  return breadth === 'world' || wideBlocks.action === 'revoke';
}

function decide(
  rule: Rule,
  breadth: Breadth,
  closing: readonly number[],
  facts: Facts,
  { onWiderRange }: Settings,
): Pick<Treated, 'treatment' | 'why'> {
  if (closing.length === 0) return { treatment: 'alert', why: WHY_ALERT[breadth] };
  if (opensOnly(rule, closing)) {
    return { treatment: 'revoke', why: 'it opens nothing but what must not be open' };
  }
  if (onWiderRange === 'revoke')
    return { treatment: 'revoke', why: 'wider rules are revoked whole (setting)' };
  if (onWiderRange === 'alert')
    return { treatment: 'alert', why: 'wider rules are only told about (setting)' };
  if (onWiderRange === 'narrow' && !isAllTraffic(rule.protocol)) {
    return { treatment: 'narrow', why: 'the rest of its range is kept (setting)' };
  }
  return ifUnused(facts.interfaces);
}

const WHY_ALERT: Readonly<Record<Breadth, string>> = {
  world: 'this port is only told about (setting)',
  wide: 'a large part of the internet, but not all of it',
  mapped: 'IPv4 addresses written as IPv6 let nobody in, but somebody meant to open them all',
};

function opensOnly(rule: Rule, closing: readonly number[]): boolean {
  const ports = tcpPorts(rule);
  return typeof ports === 'object' && closing.length === ports.to - ports.from + 1;
}

function ifUnused(interfaces: number | undefined): Pick<Treated, 'treatment' | 'why'> {
  if (interfaces === 0) {
    return { treatment: 'revoke', why: 'it opens more than that, but no network interface uses the group' };
  }
  const users = interfaces === undefined ? 'it could not be told what uses the group' : inUse(interfaces);
  return { treatment: 'alert', why: `it opens more than that, and ${users}: a person has to decide` };
}

function inUse(interfaces: number): string {
  return interfaces === 1
    ? '1 network interface uses the group'
    : `${interfaces} network interfaces use the group`;
}
