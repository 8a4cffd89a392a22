import fc from 'fast-check';

/** One change to a JSON document; `at`, `value` and `key` pick among its places, nasty values and nasty keys. */
export interface Mutation {
  readonly kind: 'replace' | 'remove' | 'add' | 'wrap' | 'repeat' | 'move';
  readonly at: number;
  readonly value: number;
  readonly key: number;
}

/** Every place is as likely as the next: fast-check's own bias is towards small numbers, which are the outermost ones. */
const any = fc.noBias(fc.nat({ max: 100_000 }));

/** A few changes to one document. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Mutation['kind'][]>(
      'replace',
      'replace',
      'remove',
      'add',
      'wrap',
      'repeat',
      'move',
    ),
    at: any,
    value: any,
    key: any,
  }),
  { minLength: 1, maxLength: 4 },
);

/** Deep enough to exhaust the stack of whatever follows it without counting. */
const DEPTH = 3_000;

const NASTY: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => 2 ** 53,
  () => 12_345_678_901,
  () => '',
  () => ' \t\n',
  () => 'A'.repeat(70_000),
  () => '<!channel> & "quoted" \'=1+1',
  () => 'line\r\nforged: \u001b[31m\u2028\u202e\u0000\u0085',
  () => 'lone \ud800 surrogate \udfff',
  () => '\u{1f600}'.repeat(300),
  () => '__proto__',
  () => 'toString',
  () => '../../../../etc/passwd',
  () => '*',
  () => '0.0.0.0/0',
  () => '::/0',
  () => 'arn:aws:ec2:eu-west-1:999900001111:security-group/sg-0a1b2c3d4e5f60718',
  () => '012345678901',
  () => '999900001111',
  () => 'cn-north-1',
  () => '+275760-09-13T00:00:00.000Z',
  () => '0000-00-00T00:00:00Z',
  () => '2026-11-20T09:15:00Z',
  () => 'HIDDEN_DUE_TO_SECURITY_REASONS',
  () => '<sensitiveDataRemoved>',
  () => ({ omitted: true }),
  () => ({}),
  () => [],
  () => [[]],
  () => [null, 1, 'two', {}],
  () => Array.from({ length: 2_000 }, (_, index) => `sg-${String(index).padStart(17, '0')}`),
  () => nested((inner) => [inner]),
  () => nested((inner) => ({ items: inner })),
  () => polluting(),
  () => JSON.parse('{"toString": "x", "hasOwnProperty": 1, "length": 3, "then": "y"}'),
];

const KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'then',
  'length',
  '',
  ' ',
  'a.b[0]',
  'omitted',
  'errorCode',
  'items',
  'Records',
  'reeve',
  'line\r\nforged\u001b[2J',
  'K'.repeat(5_000),
];

/** The document with all of the changes, one after another; the given one stays as it was. */
export function mutated(document: unknown, changes: readonly Mutation[]): unknown {
  return changes.reduce((now, change) => mutateOnce(now, change, document), structuredClone(document));
}

function mutateOnce(document: unknown, { kind, at, value, key }: Mutation, original: unknown): unknown {
  const places = placesIn(document);
  const place = pick(places, at);
  const nasty = pick(NASTY, value)();
  if (place.holder === undefined) return kind === 'wrap' ? [document] : nasty;
  const { holder, name } = place;
  if (kind === 'remove') remove(holder, name);
  else if (kind === 'replace') put(holder, name, nasty);
  else if (kind === 'wrap') put(holder, name, value % 2 === 0 ? [place.value] : { content: place.value });
  else if (kind === 'repeat') put(holder, name, Array(value % 6).fill(place.value));
  else if (kind === 'add') add(isHolder(place.value) ? place.value : holder, pick(KEYS, key), nasty);
  // From the original: JSON cannot hold itself.
  else put(holder, name, structuredClone(pick(placesIn(original), value).value));
  return document;
}

interface PlaceIn {
  readonly holder: object | undefined;
  readonly name: string;
  readonly value: unknown;
}

/** Every value of a document; without following what is deep, which only earlier changes have made. */
function placesIn(document: unknown): readonly PlaceIn[] {
  const places: PlaceIn[] = [{ holder: undefined, name: '', value: document }];
  for (let next = 0; next < places.length && places.length < 2_000; next++) {
    const holder = places[next]?.value;
    if (!isHolder(holder)) continue;
    for (const name of Object.keys(holder)) places.push({ holder, name, value: Reflect.get(holder, name) });
  }
  return places;
}

function isHolder(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function remove(holder: object, name: string): void {
  if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else Reflect.deleteProperty(holder, name);
}

function add(holder: object, name: string, value: unknown): void {
  if (Array.isArray(holder)) holder.push(value);
  else put(holder, name, value);
}

/** As JSON.parse would: `__proto__` becomes a key like any other. */
function put(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

function pick<T>(from: readonly T[], index: number): T {
  const found = from[index % from.length];
  if (found === undefined) throw new Error('there is nothing to pick from');
  return found;
}

function nested(around: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let depth = 0; depth < DEPTH; depth++) value = around(value);
  return value;
}

function polluting(): unknown {
  return JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
}
