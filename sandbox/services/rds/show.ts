import type * as rds from '@aws-sdk/client-rds';
import type { Database } from './state.ts';

/** A database as every operation answers it. */
export function shown(database: Database): rds.DBInstance {
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
