import type { Member, Shape } from '../../../sandbox/wire/shape.ts';

/** Where a value travels: not every character may stand in a header or a path. */
type Place = 'body' | 'plain';

/** A value with every member of the shape filled in, two elements in each list, and awkward characters where allowed. */
export function sampleOf(
  shape: Shape,
  name = 'root',
  place: Place = 'body',
  inside: readonly Shape[] = [],
): unknown {
  switch (shape.kind) {
    case 'structure': {
      const members = shape.members.filter((member) => !recurs(member, [...inside, shape]));
      const chosen = shape.union ? members.slice(0, 1) : members;
      return Object.fromEntries(
        chosen.map((member) => [
          member.name,
          sampleOf(member.shape, member.name, placeOf(member), [...inside, shape]),
        ]),
      );
    }
    case 'list':
      return [1, 2].map((n) => sampleOf(shape.item.shape, `${name}${n}`, place, inside));
    case 'map':
      return Object.fromEntries(
        [1, 2].map((n) => [
          `${name.toLowerCase()}${n}`,
          sampleOf(shape.value.shape, `${name}${n}`, place, inside),
        ]),
      );
    case 'string':
      return place === 'plain' ? name : `${name} & <ü> "it's" 100%\n+`;
    case 'number':
      return 7;
    case 'bigint':
      return 9_007_199_254_740_993n;
    case 'boolean':
      return true;
    case 'timestamp':
      return new Date('2026-11-02T08:00:01Z');
    case 'blob':
      return new Uint8Array([0, 1, 2, 250, 255]);
    case 'document':
      return { key: 'value', list: [1, true] };
    case 'decimal':
    case 'unit':
      return undefined;
  }
}

function placeOf({ traits }: Member): Place {
  const bound = traits.httpHeader ?? traits.httpLabel ?? traits.httpPrefixHeaders ?? traits.httpQueryParams;
  return bound === undefined ? 'body' : 'plain';
}

function recurs(member: Member, inside: readonly Shape[]): boolean {
  const { shape } = member;
  if (shape.kind === 'list') return recurs(shape.item, inside);
  if (shape.kind === 'map') return recurs(shape.value, inside);
  return inside.includes(shape);
}

/** Bytes come back as one of several classes; what counts is their content. */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(comparable);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => name !== '$metadata' && inner !== undefined)
      .map(([name, inner]) => [name, comparable(inner)]),
  );
}
