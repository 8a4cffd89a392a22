import { printScalar } from './scalar.ts';
import type { Member, Shape, Structure } from './shape.ts';

/** The members of a structure as XML elements, named and nested as the schema says. */
export function xmlMembers(shape: Structure, value: unknown): string {
  const held = asRecord(value, shape.name);
  let xml = '';
  for (const member of shape.members) {
    const inner = held[member.name];
    if (inner === undefined || inner === null || member.traits.xmlAttribute) continue;
    xml += xmlMember(member, member.traits.xmlName ?? member.name, inner);
  }
  return xml;
}

/** `<tag …>…</tag>` for a structure, with its attributes and namespace. */
export function xmlElement(tag: string, shape: Structure, value: unknown, namespace = ''): string {
  const held = asRecord(value, shape.name);
  let attributes = namespace;
  for (const { name, traits, shape: inner } of shape.members) {
    if (!traits.xmlAttribute || held[name] === undefined) continue;
    attributes += ` ${traits.xmlName ?? name}="${escapeXml(scalar(inner, held[name]))}"`;
  }
  return `<${tag}${attributes}>${xmlMembers(shape, value)}</${tag}>`;
}

export function escapeXml(value: string): string {
  if (!/[&<>"\r]/.test(value)) return value;
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}

function xmlMember(member: Member, tag: string, value: unknown): string {
  const { shape } = member;
  if (shape.kind === 'list') return xmlList(member, shape.item, tag, value);
  if (shape.kind === 'map') return xmlMap(member, shape, tag, value);
  if (shape.kind === 'structure') return xmlElement(tag, shape, value, namespaceOf(member));
  return `<${tag}>${escapeXml(scalar(shape, value))}</${tag}>`;
}

function xmlList(member: Member, item: Member, tag: string, value: unknown): string {
  if (!Array.isArray(value)) throw new TypeError(`${member.name} has to be a list.`);
  const flat = member.traits.xmlFlattened !== undefined;
  const itemTag = flat ? tag : (item.traits.xmlName ?? 'member');
  let items = '';
  for (const element of value) items += xmlMember(item, itemTag, element);
  return flat ? items : `<${tag}>${items}</${tag}>`;
}

function xmlMap(member: Member, shape: { key: Member; value: Member }, tag: string, value: unknown): string {
  const flat = member.traits.xmlFlattened !== undefined;
  const entryTag = flat ? tag : 'entry';
  const keyTag = shape.key.traits.xmlName ?? 'key';
  const valueTag = shape.value.traits.xmlName ?? 'value';
  let entries = '';
  for (const [key, inner] of Object.entries(asRecord(value, member.name))) {
    if (inner === undefined || inner === null) continue;
    const written = xmlMember(shape.value, valueTag, inner);
    entries += `<${entryTag}><${keyTag}>${escapeXml(key)}</${keyTag}>${written}</${entryTag}>`;
  }
  return flat ? entries : `<${tag}>${entries}</${tag}>`;
}

/** ` xmlns="…"`, or with the prefix that attributes inside use: ` xmlns:xsi="…"`. */
function namespaceOf({ traits }: Member): string {
  if (!traits.xmlNamespace) return '';
  const [prefix, uri] = traits.xmlNamespace;
  return prefix ? ` xmlns:${prefix}="${uri}"` : ` xmlns="${uri}"`;
}

function scalar(shape: Shape, value: unknown): string {
  if (shape.kind === 'structure' || shape.kind === 'list' || shape.kind === 'map') {
    throw new TypeError(`A ${shape.kind} is no scalar.`);
  }
  return printScalar(shape, value, 'date-time');
}

function asRecord(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${name} has to be an object.`);
  // Any object can be read by member name; what is not there is undefined.
  return value as Readonly<Record<string, unknown>>;
}
