import type * as rds from '@aws-sdk/client-rds';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { shown } from './show.ts';
import { databaseNamed, databases, invalidState, onDatabase, pass, start, stop } from './state.ts';

/** Lists databases, 100 a page unless told otherwise. */
export const describeDBInstances = operation<rds.DescribeDBInstancesMessage, rds.DBInstanceMessage>({
  authorize: (input, call) => onDatabase({ DBInstanceIdentifier: input.DBInstanceIdentifier ?? '*' }, call),
  run(input, call) {
    onlySupported(call, input, ['DBInstanceIdentifier', 'Filters', 'MaxRecords', 'Marker']);
    const { DBInstanceIdentifier: id, MaxRecords: size = 100, Marker: marker } = input;
    if (id !== undefined) return { DBInstances: [shown(databaseNamed(call, id.split(':').at(-1)))] };
    if (size < 20 || size > 100) {
      throw new AwsError(
        'InvalidParameterValue',
        `Invalid value ${size} for MaxRecords. Must be between 20 and 100`,
      );
    }
    const wanted = wantedIds(input.Filters);
    const all = [...databases.of(call).values()]
      .filter(({ id: own }) => wanted?.has(own) ?? true)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const rest =
      marker === undefined ? all : all.filter((one) => one.id > Buffer.from(marker, 'base64').toString());
    const page = rest.slice(0, size);
    const last = page.at(-1);
    return {
      DBInstances: page.map(shown),
      ...(page.length < rest.length && last && { Marker: Buffer.from(last.id).toString('base64') }),
    };
  },
});

/** Identifiers or ARNs of the filter `db-instance-id`; the others are refused by name. */
function wantedIds(filters: readonly rds.Filter[] = []): ReadonlySet<string> | undefined {
  for (const { Name: name } of filters) {
    if (name !== 'db-instance-id') throw notImplemented(`the filter ${name} of rds:DescribeDBInstances`);
  }
  const values = filters.flatMap(({ Values }) => Values ?? []);
  return filters.length === 0 ? undefined : new Set(values.map((value) => value.split(':').at(-1) ?? ''));
}

export const stopDBInstance = operation<rds.StopDBInstanceMessage, rds.StopDBInstanceResult>({
  authorize: onDatabase,
  run(input, call) {
    onlySupported(call, input, ['DBInstanceIdentifier']);
    const database = databaseNamed(call, input.DBInstanceIdentifier);
    if (database.status !== 'available')
      throw invalidState(`Instance ${database.id} is not in available state.`);
    stop(call, database);
    return { DBInstance: shown(database) };
  },
});

export const startDBInstance = operation<rds.StartDBInstanceMessage, rds.StartDBInstanceResult>({
  authorize: onDatabase,
  run({ DBInstanceIdentifier: id }, call) {
    const database = databaseNamed(call, id);
    if (database.status !== 'stopped') throw invalidState(`Instance ${database.id} is not stopped.`);
    start(call, database);
    return { DBInstance: shown(database) };
  },
});

/** Deletes a database without a last snapshot, which has to be said; snapshots the sandbox does not make. */
export const deleteDBInstance = operation<rds.DeleteDBInstanceMessage, rds.DeleteDBInstanceResult>({
  authorize: onDatabase,
  run(input, call) {
    onlySupported(call, input, ['DBInstanceIdentifier', 'SkipFinalSnapshot']);
    const database = databaseNamed(call, input.DBInstanceIdentifier);
    const refused = (message: string) => new AwsError('InvalidParameterCombination', message);
    if (!input.SkipFinalSnapshot) {
      throw refused('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.');
    }
    if (database.deletionProtection) {
      throw refused('Cannot delete protected DB Instance, please disable deletion protection and try again.');
    }
    pass(call, database, 'deleting', () => {
      databases.of(call).delete(database.id);
    });
    return { DBInstance: shown(database) };
  },
});
