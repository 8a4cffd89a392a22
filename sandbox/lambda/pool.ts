import { AwsError } from '../core/errors.ts';
import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { unpack } from './bundle.ts';
import { type Environment, startEnvironment } from './environment.ts';
import type { FunctionVersion } from './function.ts';
import { mayWriteLog } from './log-rights.ts';
import { writeLog } from './logs.ts';
import { assumeExecutionRole } from './role.ts';
import { type RuntimeFile, writeRuntimeFile } from './runtime-file.ts';
import { variablesOf } from './variables.ts';

/** A place of execution with the function version that it was made for. */
export interface Place {
  readonly environment: Environment;
  readonly version: FunctionVersion;
  /** Simulated epoch ms. */
  readonly startedAt: number;
  /** Whether its role lets its lines into the log. */
  readonly logs: boolean;
  /** The invocation that runs here now: its lines belong to it. */
  requestId?: string;
  used: boolean;
}

interface Pool {
  endpoint?: () => Promise<string>;
  runtime?: Promise<RuntimeFile>;
  readonly idle: Map<string, Place[]>;
  readonly places: Set<Place>;
  readonly roots: Map<string, { readonly root: string; readonly remove: () => void }>;
}

const pools = new WeakMap<World, Pool>();
/** Lambda renews environments now and then; their credentials must still hold. */
const SPARE_MS = 6 * 3_600_000;

function poolOf(world: World): Pool {
  const found = pools.get(world) ?? { idle: new Map(), places: new Set(), roots: new Map() };
  pools.set(world, found);
  return found;
}

/** Tells where functions find the sandbox over HTTP; asked for at the first cold start. */
export function setFunctionEndpoint(world: World, endpoint: () => Promise<string>): void {
  poolOf(world).endpoint = endpoint;
}

/** A warm environment of this version, or a new one. */
export async function takePlace(world: World, where: Where, version: FunctionVersion): Promise<Place> {
  const pool = poolOf(world);
  const warm = pool.idle.get(version.revisionId)?.pop();
  if (!warm) return startPlace(world, where, version);
  if (world.clock.now() - warm.startedAt < world.behaviour.environmentMs) return warm;
  await dropPlace(world, warm);
  return takePlace(world, where, version);
}

/** Gives the environment back; it stays warm unless it broke or the function changed meanwhile. */
export function returnPlace(world: World, place: Place): void {
  const { idle } = poolOf(world);
  delete place.requestId;
  idle.set(place.version.revisionId, [...(idle.get(place.version.revisionId) ?? []), place]);
}

export async function dropPlace(world: World, place: Place): Promise<void> {
  poolOf(world).places.delete(place);
  await place.environment.close();
}

/** Ends warm environments of a function that was changed or deleted. */
export async function retire(world: World, revisionId: string): Promise<void> {
  const { idle } = poolOf(world);
  const places = idle.get(revisionId) ?? [];
  idle.delete(revisionId);
  await Promise.all(places.map((place) => dropPlace(world, place)));
}

/** Ends every environment of this world and removes what was unpacked for them. */
export async function closeFunctions(world: World): Promise<void> {
  const pool = poolOf(world);
  await Promise.all([...pool.places].map((place) => dropPlace(world, place)));
  for (const { remove } of pool.roots.values()) remove();
  (await pool.runtime)?.remove();
  pools.delete(world);
}

async function startPlace(world: World, where: Where, version: FunctionVersion): Promise<Place> {
  const pool = poolOf(world);
  if (!pool.endpoint)
    throw new AwsError('ServiceException', 'The sandbox has no HTTP endpoint for functions', 500);
  pool.runtime ??= writeRuntimeFile();
  const [endpoint, { file }] = await Promise.all([pool.endpoint(), pool.runtime]);
  const unpacked = pool.roots.get(version.sha256) ?? unpack(version.zip);
  pool.roots.set(version.sha256, unpacked);
  const day = new Date(world.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  const { configuration, name } = version;
  const logStream = `${day}/[${version.version}]${world.random.hex(32)}`;
  const logs = mayWriteLog(world, where, version, logStream);
  const environment = startEnvironment({
    runtimeFile: file,
    taskRoot: unpacked.root,
    variables: variablesOf(version, {
      region: where.region,
      taskRoot: unpacked.root,
      endpoint,
      credential: assumeExecutionRole(world, version, world.behaviour.environmentMs + SPARE_MS),
      logStream,
    }),
    memoryMb: configuration.memorySize,
    logFormat: configuration.logFormat,
    time: () => ({ now: world.clock.now(), ticking: world.clock.ticking }),
    onLine: (text) => {
      if (!logs) return;
      const { requestId } = place;
      writeLog(world, where, {
        at: world.clock.now(),
        functionName: name,
        ...(requestId && { requestId }),
        text,
      });
    },
  });
  const place: Place = { environment, version, logs, startedAt: world.clock.now(), used: false };
  pool.places.add(place);
  return place;
}
