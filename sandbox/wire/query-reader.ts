import { AwsError } from '../core/errors.ts';
import { parseScalar } from './scalar.ts';
import type { Member, Shape, Structure } from './shape.ts';

/** `Filter.1.Value.2=x` as a tree. */
interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/** Parameters of the envelope, not of the operation. */
const ENVELOPE = /^(Action|Version|AWSAccessKeyId|Signature\w*|SecurityToken|Timestamp|Expires|X-Amz-.*)$/i;

/** Reads the form parameters of an ec2Query or awsQuery request by the operation's input shape. */
export function readQuery(shape: Shape, params: URLSearchParams, dialect: 'ec2' | 'query'): unknown {
  const root: Node = { children: new Map() };
  for (const [key, value] of params) {
    if (ENVELOPE.test(key)) continue;
    let node = root;
    for (const part of key.split('.')) {
      const child = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  if (shape.kind !== 'structure') return {};
  return readStructure(shape, root, dialect, '');
}

function wireName({ name, traits }: Member, dialect: 'ec2' | 'query'): string {
  if (dialect === 'query') return traits.xmlName ?? name;
  const plain = traits.xmlName ?? name;
  return traits.ec2QueryName ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

function readStructure(shape: Structure, node: Node, dialect: 'ec2' | 'query', path: string) {
  const value: Record<string, unknown> = {};
  const unknown = new Set(node.children.keys());
  for (const member of shape.members) {
    const key = wireName(member, dialect);
    const child = node.children.get(key);
    // Where an older and a newer member share a wire name, it is read once.
    if (child && unknown.delete(key)) {
      value[member.name] = readValue(member.shape, child, dialect, path ? `${path}.${key}` : key);
    }
  }
  for (const key of unknown) {
    throw new AwsError('UnknownParameter', `The parameter ${path ? `${path}.` : ''}${key} is not recognized`);
  }
  return value;
}

function readValue(shape: Shape, node: Node, dialect: 'ec2' | 'query', path: string): unknown {
  switch (shape.kind) {
    case 'structure':
      return readStructure(shape, node, dialect, path);
    case 'list':
      return numbered(node, shape.item.traits.xmlName ?? 'member').map(([index, item]) =>
        readValue(shape.item.shape, item, dialect, `${path}.${index}`),
      );
    case 'map': {
      const keyName = shape.key.traits.xmlName ?? 'key';
      const valueName = shape.value.traits.xmlName ?? 'value';
      const entries = numbered(node, 'entry').map(([index, entry]) => {
        const held = entry.children.get(valueName) ?? { children: new Map() };
        const key = entry.children.get(keyName)?.value ?? '';
        return [key, readValue(shape.value.shape, held, dialect, `${path}.${index}.${valueName}`)] as const;
      });
      return Object.fromEntries(entries);
    }
    default:
      return parseScalar(shape, node.value ?? '', path, 'date-time');
  }
}

/** The elements in order, whether the client wrote `X.N` or `X.member.N`. */
function numbered(node: Node, wrapper: string): [index: number, child: Node][] {
  const held = node.children.get(wrapper) ?? node.children.get('member') ?? node;
  return [...held.children]
    .filter(([key]) => /^\d+$/.test(key))
    .map(([key, child]): [number, Node] => [Number(key), child])
    .sort(([a], [b]) => a - b);
}
