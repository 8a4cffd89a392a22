import type { Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { type Datapoint, type MetricId, putDatapoint } from './metrics.ts';

type Json = Record<string, unknown>;

/**
 * Turns a log line in the Embedded Metric Format into metric data; answers how many datapoints it held. A line that is
 * none, or is malformed, yields nothing, as in CloudWatch Logs.
 */
export function ingestEmf(world: World, where: Where, line: string): number {
  const root = parsed(line);
  const meta = asRecord(root?._aws);
  if (!root || !meta) return 0;
  const at = typeof meta.Timestamp === 'number' ? meta.Timestamp : world.clock.now();
  const measured = asRecords(meta.CloudWatchMetrics).flatMap((directive) =>
    measurements(root, directive, at),
  );
  for (const [id, point] of measured) putDatapoint(world, where, id, point);
  return measured.length;
}

/** What one directive says: each metric under each of its sets of dimensions. */
function measurements(root: Json, directive: Json, at: number): readonly (readonly [MetricId, Datapoint])[] {
  const sets: readonly unknown[] = Array.isArray(directive.Dimensions) ? directive.Dimensions : [[]];
  const dimensionSets = sets.map((set) => dimensionsOf(root, set)).filter((each) => each !== undefined);
  return asRecords(directive.Metrics).flatMap((metric) => {
    const name = String(metric.Name);
    const point = pointOf(at, root[name], String(metric.Unit ?? 'None'));
    if (!point) return [];
    return dimensionSets.map(
      (dimensions) => [{ namespace: String(directive.Namespace), name, dimensions }, point] as const,
    );
  });
}

/** A set names members of the same line; one that is missing makes the set invalid. */
function dimensionsOf(root: Json, set: unknown): Record<string, string> | undefined {
  if (!Array.isArray(set) || set.some((name) => root[String(name)] === undefined)) return undefined;
  return Object.fromEntries(set.map((name) => [String(name), String(root[String(name)])]));
}

function pointOf(at: number, value: unknown, unit: string): Datapoint | undefined {
  const values = (Array.isArray(value) ? value : [value]).filter(
    (each): each is number => typeof each === 'number',
  );
  if (values.length === 0 || values.length > 100) return undefined;
  const sum = values.reduce((total, each) => total + each, 0);
  return { at, sum, count: values.length, minimum: Math.min(...values), maximum: Math.max(...values), unit };
}

function parsed(line: string): Json | undefined {
  if (!line.includes('"_aws"')) return undefined;
  try {
    return asRecord(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function asRecords(value: unknown): readonly Json[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [];
  return listed.map(asRecord).filter((each) => each !== undefined);
}
