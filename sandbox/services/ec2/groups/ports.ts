import { invalidValue, missing } from '../refuse.ts';

const BY_NUMBER: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };
const NAMES = ['icmp', 'tcp', 'udp', 'icmpv6'];
const ALL = { fromPort: -1, toPort: -1 };

/** `6`, `TCP` → `tcp`; `all` → `-1`; other protocols keep their number. */
export function canonicalProtocol(protocol: string | undefined): string {
  if (!protocol) throw missing('ipProtocol');
  const lower = protocol.toLowerCase();
  if (lower === '-1' || lower === 'all') return '-1';
  if (NAMES.includes(lower)) return lower;
  const known = BY_NUMBER[lower];
  if (known) return known;
  if (/^\d{1,3}$/.test(lower) && Number(lower) <= 255) return String(Number(lower));
  throw invalidValue(`Invalid value '${protocol}' for IP protocol. Unknown protocol.`);
}

/** Ports as AWS keeps them: checked for TCP and UDP, type and code for ICMP, -1 for protocols without ports. */
export function canonicalPorts(
  protocol: string,
  from: number | undefined,
  to: number | undefined,
): { readonly fromPort: number; readonly toPort: number } {
  if (protocol === 'tcp' || protocol === 'udp') return portRange(from, to);
  if (protocol === 'icmp' || protocol === 'icmpv6') return icmpType(from, to);
  return ALL;
}

function portRange(from: number | undefined, to: number | undefined) {
  if (from === undefined || to === undefined) {
    throw invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
  }
  for (const port of [from, to]) {
    if (port < 0 || port > 65535) throw invalidValue(`TCP/UDP port (${port}) out of range`);
  }
  if (from > to) throw invalidValue(`Invalid TCP/UDP port range (${from}:${to})`);
  return { fromPort: from, toPort: to };
}

function icmpType(type = -1, code = -1) {
  if (type < -1 || type > 255) throw invalidValue(`ICMP type (${type}) out of range`);
  if (code < -1 || code > 255) throw invalidValue(`ICMP code (${code}) out of range`);
  if (type === -1 && code !== -1) {
    throw invalidValue(`ICMP code (${code}) must be -1 if ICMP type is -1`);
  }
  return { fromPort: type, toPort: code };
}
