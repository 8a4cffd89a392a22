import type { Member, Shape, Structure } from '../wire/shape.ts';

/** How a service's calls look in CloudTrail: `ec2` wraps lists into `{ items: [...] }`, the others keep them. */
export type Style = 'ec2' | 'plain';

/** Values that CloudTrail never shows. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** The input as `requestParameters`: null when there is nothing to show. */
export function requestParameters(shape: Shape, input: unknown, style: Style): unknown {
  if (shape.kind !== 'structure' || typeof input !== 'object' || input === null) return null;
  const rendered = structure(shape, input, style, 'request');
  return Object.keys(rendered).length > 0 ? rendered : null;
}

/** The output as `responseElements`; EC2 always tells at least its request id and that it went well. */
export function responseElements(shape: Shape, output: unknown, style: Style, requestId: string): unknown {
  const rendered =
    shape.kind === 'structure' && typeof output === 'object' && output !== null
      ? structure(shape, output, style, 'response')
      : {};
  if (style === 'plain') return Object.keys(rendered).length > 0 ? rendered : null;
  return { requestId, ...(shape.kind === 'structure' ? {} : { _return: true }), ...rendered };
}

function structure(shape: Structure, value: object, style: Style, half: 'request' | 'response') {
  // Read by the schema's member names; what an object does not hold is undefined.
  const held = value as Readonly<Record<string, unknown>>;
  const rendered: Record<string, unknown> = {};
  for (const member of shape.members) {
    const inner = held[member.name];
    if (inner !== undefined && inner !== null) {
      rendered[nameOf(member, style, half)] = member.traits.sensitive
        ? HIDDEN
        : render(member, inner, style, half);
    } else if (style === 'ec2' && half === 'request' && isClassicList(member)) {
      rendered[nameOf(member, style, half)] = {};
    }
  }
  return rendered;
}

function render(member: Member, value: unknown, style: Style, half: 'request' | 'response'): unknown {
  const { shape } = member;
  switch (shape.kind) {
    case 'structure':
      return structure(shape, Object(value), style, half);
    case 'list':
      return Array.isArray(value) ? list(shape.item, value, style, half) : value;
    case 'map':
      return Object.fromEntries(
        Object.entries(Object(value)).map(([key, inner]) => [key, render(shape.value, inner, style, half)]),
      );
    case 'timestamp':
      if (!(value instanceof Date)) return value;
      return style === 'ec2' ? value.getTime() : consoleTime(value);
    case 'blob':
      return HIDDEN;
    case 'bigint':
      return String(value);
    default:
      return value;
  }
}

function list(item: Member, values: readonly unknown[], style: Style, half: 'request' | 'response'): unknown {
  const rendered = values.map((value) => render(item, value, style, half));
  if (style === 'plain') return rendered;
  if (rendered.length === 0) return {};
  const key = item.traits.xmlName;
  const named = item.shape.kind !== 'structure' && key !== undefined && key !== 'item';
  return { items: named ? rendered.map((value) => ({ [lowerCamel(key)]: value })) : rendered };
}

/** EC2 shows the lists of its older requests also when they were not given: `ipv6Ranges: {}`. Newer ones have a capital wire name. */
function isClassicList({ shape, traits }: Member): boolean {
  return shape.kind === 'list' && !/^[A-Z]/.test(traits.xmlName ?? '');
}

/** EC2 uses wire names, except that a list keeps its member's name where the wire names the single element. */
function nameOf({ name, traits, shape }: Member, style: Style, half: 'request' | 'response'): string {
  if (name === 'Return' && style === 'ec2') return '_return';
  const wired = style === 'ec2' && traits.xmlName !== undefined;
  const single = half === 'request' && shape.kind === 'list' && /^[A-Z]/.test(traits.xmlName ?? '');
  return lowerCamel(wired && !single ? (traits.xmlName ?? name) : name);
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

const CONSOLE = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  month: 'short',
  day: 'numeric',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
});

/** `Nov 2, 2026, 8:00:00 AM`, with ordinary spaces. */
function consoleTime(date: Date): string {
  return CONSOLE.format(date).replace(/\s/g, ' ');
}
