import type * as rds from '@aws-sdk/client-rds';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import {
  type Database,
  databaseArn,
  databaseNamed,
  databases,
  invalidState,
  onDatabase,
  pass,
  start,
  stop,
} from './state.ts';
import { requestTags, tagsFrom } from './tags.ts';

const SUPPORTED = [
  'DBInstanceIdentifier',
  'DBInstanceClass',
  'Engine',
  'EngineVersion',
  'AllocatedStorage',
  'StorageType',
  'MasterUsername',
  'MasterUserPassword',
  'AvailabilityZone',
  'MultiAZ',
  'DeletionProtection',
  'PubliclyAccessible',
  'Tags',
];

export const createDBInstance = operation<rds.CreateDBInstanceMessage, rds.CreateDBInstanceResult>({
  authorize(input, call) {
    const resources = [databaseArn(call, input.DBInstanceIdentifier)];
    const context = requestTags(input.Tags);
    const creation = { action: 'rds:CreateDBInstance', resources, context };
    return input.Tags?.length ? [creation, { ...creation, action: 'rds:AddTagsToResource' }] : [creation];
  },
  run(input, call) {
    onlySupported(call, input, SUPPORTED);
    const id = (input.DBInstanceIdentifier ?? '').toLowerCase();
    if (!/^[a-z](?!.*--)[a-z0-9-]{0,62}$/.test(id) || id.endsWith('-')) {
      throw new AwsError(
        'InvalidParameterValue',
        `The parameter DBInstanceIdentifier is not a valid identifier.`,
      );
    }
    if (!input.MasterUsername || !input.MasterUserPassword || !input.AllocatedStorage) {
      throw new AwsError(
        'InvalidParameterCombination',
        'MasterUsername, MasterUserPassword and AllocatedStorage are needed for this engine.',
      );
    }
    const known = databases.of(call);
    if (known.has(id)) throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists');
    const database = newDatabase(call, id, input);
    known.set(id, database);
    pass(call, database, 'creating', () => {
      database.status = 'available';
    });
    return { DBInstance: shown(database) };
  },
});

function newDatabase(call: Call, id: string, input: rds.CreateDBInstanceMessage): Database {
  return {
    id,
    arn: databaseArn(call, id),
    resourceId: `db-${call.world.random.hex(26).toUpperCase()}`,
    class: input.DBInstanceClass ?? '',
    engine: input.Engine ?? '',
    engineVersion: input.EngineVersion ?? 'default',
    storage: input.AllocatedStorage ?? 0,
    storageType: input.StorageType ?? 'gp2',
    zone: input.AvailabilityZone ?? `${call.region}a`,
    multiZone: input.MultiAZ ?? false,
    masterUser: input.MasterUsername ?? '',
    createdAt: call.now,
    deletionProtection: input.DeletionProtection ?? false,
    public: input.PubliclyAccessible ?? false,
    tags: tagsFrom(input.Tags),
    status: 'creating',
    cancel: () => {},
  };
}

/** Lists databases, 100 a page unless told otherwise. */
export const describeDBInstances = operation<rds.DescribeDBInstancesMessage, rds.DBInstanceMessage>({
  authorize: (input, call) => onDatabase({ DBInstanceIdentifier: input.DBInstanceIdentifier ?? '*' }, call),
  run(input, call) {
    onlySupported(call, input, ['DBInstanceIdentifier', 'MaxRecords', 'Marker']);
    const { DBInstanceIdentifier: id, MaxRecords: size = 100, Marker: marker } = input;
    if (id !== undefined) return { DBInstances: [shown(databaseNamed(call, id.split(':').at(-1)))] };
    if (size < 20 || size > 100) {
      throw new AwsError(
        'InvalidParameterValue',
        `Invalid value ${size} for MaxRecords. Must be between 20 and 100`,
      );
    }
    const all = [...databases.of(call).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
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

function shown(database: Database): rds.DBInstance {
  const { id, status, engine, zone, tags, restartsAt } = database;
  const isReady = status !== 'creating';
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: database.arn,
    DbiResourceId: database.resourceId,
    DBInstanceClass: database.class,
    DBInstanceStatus: status,
    Engine: engine,
    EngineVersion: database.engineVersion,
    MasterUsername: database.masterUser,
    AllocatedStorage: database.storage,
    StorageType: database.storageType,
    AvailabilityZone: zone,
    MultiAZ: database.multiZone,
    PubliclyAccessible: database.public,
    DeletionProtection: database.deletionProtection,
    ...(isReady && { InstanceCreateTime: database.createdAt }),
    ...(restartsAt && { AutomaticRestartTime: restartsAt }),
    TagList: [...tags].map(([Key, Value]) => ({ Key, Value })),
  };
}
