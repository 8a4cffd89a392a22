import { queryValue, type WireRequest } from './message.ts';
import type { OperationModel, ServiceModel } from './model.ts';
import type { Traits } from './shape.ts';

interface Route {
  readonly operation: OperationModel;
  readonly method: string;
  readonly pattern: RegExp;
  /** Query parameters that the path template itself demands, `?versioning`. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Query parameters without which the operation is another one, `partNumber` of UploadPart. */
  readonly required: readonly string[];
  /** Likewise headers, `x-amz-copy-source` of CopyObject. */
  readonly requiredHeaders: readonly string[];
  /** The last label takes the rest of the path as it is, slashes at its end included. */
  readonly greedy: boolean;
  readonly weight: number;
}

/** What a REST request asks for, and the pieces of its path by label. */
export interface Match {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

const tables = new WeakMap<ServiceModel, readonly Route[]>();

/** Finds the operation of a REST request: by method, path template and fixed query, the most specific first. */
export function matchRoute(request: WireRequest, model: ServiceModel): Match | undefined {
  const path = request.path.replace(/\/+$/, '') || '/';
  for (const { operation, method, pattern, query, required, requiredHeaders, greedy } of routesOf(model)) {
    if (method !== request.method) continue;
    const found = pattern.exec(greedy ? request.path : path);
    if (!found || !requiredHeaders.every((name) => request.headers[name] !== undefined)) continue;
    const asked = ([name, value]: readonly [string, string]) =>
      queryValue(request, name) !== undefined && (value === '' || queryValue(request, name) === value);
    if (!query.every(asked) || !required.every((name) => queryValue(request, name) !== undefined)) continue;
    const labels = Object.entries(found.groups ?? {}).map(([name, part]) => [name, decoded(part)]);
    return { operation, labels: Object.fromEntries(labels) };
  }
  return undefined;
}

/** What is not well escaped is taken as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function routesOf(model: ServiceModel): readonly Route[] {
  const known = tables.get(model);
  if (known) return known;
  const routes = model.operations().flatMap((operation) => routeOf(operation) ?? []);
  routes.sort((a, b) => b.weight - a.weight);
  tables.set(model, routes);
  return routes;
}

function routeOf(operation: OperationModel): Route | undefined {
  const { http } = operation.traits;
  if (!http) return undefined;
  const [method, template] = http;
  const [path = '/', fixed = ''] = template.split('?');
  const segments = [...leadingLabels(operation, path), ...path.split('/').filter(Boolean)];
  const pattern = segments.map((segment) => `/${segmentPattern(segment)}`).join('') || '/';
  // `x-id` only helps SDKs to tell operations apart in logs; other clients do not send it.
  const query = [...new URLSearchParams(fixed)].filter(([name]) => name !== 'x-id');
  const required = requiredOf(operation, ({ httpQuery }) => httpQuery);
  const requiredHeaders = requiredOf(operation, ({ httpHeader }) => httpHeader?.toLowerCase());
  const literals = segments.filter((segment) => !segment.startsWith('{')).length;
  const greedy = path.includes('+}');
  const needed = required.length + requiredHeaders.length;
  const weight = 100 * segments.length + 10 * literals + 1000 * query.length + 5 * needed - (greedy ? 50 : 0);
  return {
    operation,
    method,
    pattern: new RegExp(`^${pattern}$`),
    query,
    required,
    requiredHeaders,
    greedy,
    weight,
  };
}

/** S3's bucket is a label that no template shows: path-style requests carry it in front. */
function leadingLabels({ input }: OperationModel, path: string): readonly string[] {
  if (input.kind !== 'structure') return [];
  const hidden = input.members.filter(({ name, traits }) => traits.httpLabel && !path.includes(`{${name}`));
  return hidden.map(({ name }) => `{${name}}`);
}

function segmentPattern(segment: string): string {
  const label = /^\{(\w+)(\+?)\}$/.exec(segment);
  if (!label) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return label[2] ? `(?<${label[1]}>.+)` : `(?<${label[1]}>[^/]+)`;
}

/** The first members of an input are the required ones; how many, the schema tells in its last place. */
function requiredOf(
  { inputSchema, input }: OperationModel,
  name: (traits: Traits) => string | undefined,
): readonly string[] {
  const schema: unknown = inputSchema.getSchema();
  const count = Array.isArray(schema) ? schema[6] : 0;
  if (typeof count !== 'number' || input.kind !== 'structure') return [];
  return input.members.slice(0, count).flatMap(({ traits }) => name(traits) ?? []);
}
