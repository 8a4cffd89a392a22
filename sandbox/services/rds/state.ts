import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Where } from '../../core/service.ts';

export type Status = 'creating' | 'available' | 'stopping' | 'stopped' | 'starting' | 'deleting';

export interface Database {
  readonly id: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly class: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly storage: number;
  readonly storageType: string;
  readonly zone: string;
  readonly multiZone: boolean;
  readonly masterUser: string;
  readonly createdAt: Date;
  readonly deletionProtection: boolean;
  readonly public: boolean;
  readonly tags: Map<string, string>;
  status: Status;
  /** When a stopped database starts by itself again. */
  restartsAt?: Date;
  /** Takes the next change of state off the clock. */
  cancel(): void;
}

export const databases = drawer<Map<string, Database>>(() => new Map());

/** Identifiers are kept in lower case. */
export function databaseArn({ partition, region, account }: Where, id = ''): string {
  return `arn:${partition}:rds:${region}:${account}:db:${id.toLowerCase()}`;
}

export function databaseNamed(call: Call, id = ''): Database {
  const found = databases.of(call).get(id.toLowerCase());
  if (found) return found;
  throw new AwsError('DBInstanceNotFound', `DBInstance ${id} not found.`, 404);
}

export function invalidState(message: string): AwsError {
  return new AwsError('InvalidDBInstanceState', message);
}

/** The demand of an operation on one database. */
export const onDatabase = (
  { DBInstanceIdentifier: id }: { readonly DBInstanceIdentifier?: string | undefined },
  call: Call,
) => [{ action: `rds:${call.operation}`, resources: [databaseArn(call, id)] }];

const MINUTE = 60_000;
const TAKES_MS: Readonly<Partial<Record<Status, number>>> = {
  creating: 5 * MINUTE,
  stopping: 3 * MINUTE,
  starting: 4 * MINUTE,
  deleting: 4 * MINUTE,
};
/** RDS starts a stopped database by itself after seven days (User Guide, "Stopping an Amazon RDS DB instance"). */
const STOPPED_AT_MOST_MS = 7 * 24 * 60 * MINUTE;

/** Lets the database go through a state that takes time; then `over` is told. */
export function pass(call: Call, database: Database, status: Status, over: () => void): void {
  database.cancel();
  database.status = status;
  database.cancel = call.world.clock.at(call.world.clock.now() + (TAKES_MS[status] ?? 0), over);
}

export function start(call: Call, database: Database): void {
  delete database.restartsAt;
  pass(call, database, 'starting', () => {
    database.status = 'available';
  });
}

export function stop(call: Call, database: Database): void {
  pass(call, database, 'stopping', () => {
    const restartsAt = call.world.clock.now() + STOPPED_AT_MOST_MS;
    Object.assign(database, { status: 'stopped', restartsAt: new Date(restartsAt) });
    database.cancel = call.world.clock.at(restartsAt, () => start(call, database));
  });
}
