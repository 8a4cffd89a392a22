import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Aws } from '../../shared/aws/access.ts';
import { entering } from '../../shared/aws/entering.ts';
import type { Connection } from '../../shared/aws/factory.ts';
import { placesFor } from '../../shared/aws/places.ts';
import { PatientRetry } from '../../shared/aws/retry.ts';
import type { Regions } from '../../shared/config/embedded.ts';
import type { Config } from '../../shared/config/load.ts';
import type { Place, Signal } from '../../shared/engine/signal.ts';
import { BadInput } from '../exit.ts';
import { knownPolicy } from '../policies.ts';
import type { Terminal } from '../terminal.ts';
import { type Caller, identify } from './caller.ts';
import { isSimulated } from './endpoint.ts';

/** Who we are, and how each account that the configuration allows is entered. */
export interface OpenAccount {
  readonly caller: Caller;
  /** Our own first, then those that the configuration allows. */
  readonly accounts: readonly string[];
  enter(place: Place): Promise<Aws>;
}

/** The policies asked for, all that the configuration mentions without a name; BadInput for one that is not there. */
export function policiesOf(config: Config, name: string | undefined, file: string): readonly string[] {
  const names = name === undefined ? [...config.policies.keys()] : [knownPolicy(name)];
  const missing = names.find((each) => !config.policies.has(each));
  if (missing !== undefined) throw new BadInput(`${file}: policies.${missing} is missing`);
  return names;
}

/** Opens the account of the user's credentials for these policies; BadInput when there are none that work. */
export async function openAccount(
  config: Config,
  names: readonly string[],
  {
    profile,
    region,
    onCall,
  }: {
    readonly profile: string | undefined;
    readonly region: string | undefined;
    /** Told of every call to AWS. */
    readonly onCall?: () => void;
  },
): Promise<OpenAccount> {
  const connection: Connection = {
    retryStrategy: new PatientRetry({ attempts: 5, now: () => new Date(), sleep: wait, random: Math.random }),
    ...(onCall && { onCall }),
  };
  const caller = await identify(process.env, { profile, region, connection });
  // The configuration allows accounts for all policies alike.
  const allowed = names.flatMap((each) => config.policies.get(each)?.guard.accounts ?? []);
  const accounts = [...new Set([caller.home.account, ...allowed])];
  const enter = entering({
    home: caller.home,
    accounts,
    role: config.role,
    connection: { ...connection, credentials: caller.credentials },
    time: { now: caller.now, sleep: (ms) => wait(ms) },
  });
  return { caller, accounts, enter };
}

/** Where to look: as the command line says, otherwise as the configuration does. */
export interface Where {
  readonly regions: readonly string[];
  readonly allRegions: boolean;
}

/** The places of a sweep, and whether an account refused to be looked at, which is said. */
export async function placesToSweep(
  { regions, allRegions }: Where,
  config: Config,
  { caller, accounts, enter }: OpenAccount,
  terminal: Terminal,
): Promise<{ readonly places: readonly Place[]; readonly refused: boolean }> {
  const given: Regions = regions.length > 0 ? regions : config.regions;
  const scope = { regions: allRegions ? ('all-enabled' as const) : given, accounts };
  const { places, refused } = await placesFor(scope, caller.home, enter);
  for (const { place, refusal } of refused) terminal.err(`account ${place.account}: ${refusal.message}`);
  return { places, refused: refused.length > 0 };
}

/** What a mistake in credentials or region would look like has to be seen before anything is read. */
export function introduce(
  names: readonly string[],
  mode: string,
  { arn, home, source, endpoint }: Caller,
  places: readonly Place[],
  { err, colors }: Terminal,
): void {
  const regions = [...new Set(places.map(({ region }) => region))].join(', ');
  err(`${colors.bold(names.join(', '))}  ${mode}`);
  err(`as ${arn} (${source})`);
  err(`account ${home.account}, regions ${regions || 'none'}`);
  if (endpoint !== undefined) err(`at ${endpoint}${isSimulated(endpoint) ? ', a simulated account' : ''}`);
}

/** The signal of a person who looks at everything by this command. */
export function signalOf({ home, arn, now }: Caller, command: string): Signal {
  const name = arn.split('/').at(-1) ?? arn;
  return {
    ...home,
    id: randomUUID(),
    scope: { kind: 'sweep' },
    cause: { kind: 'command-line', name: command },
    actor: { type: 'Unknown', arn, name, sourceIp: undefined, invokedBy: undefined },
    time: now(),
    delivery: 'live',
  };
}
