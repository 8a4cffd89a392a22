import type * as rds from '@aws-sdk/client-rds';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { shown } from './show.ts';
import { type Database, databaseArn, databases, pass } from './state.ts';
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

/** Makes a database, which takes minutes; what the sandbox does not keep of it is refused by name. */
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
