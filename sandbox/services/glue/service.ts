import type { Service } from '../../core/service.ts';
import { createDatabase, getDatabases } from './databases.ts';
import { createTable, getTables } from './tables.ts';

export const glue: Service = {
  name: 'glue',
  signingName: 'glue',
  iamPrefix: 'glue',
  eventSource: 'glue.amazonaws.com',
  load: () => import('@aws-sdk/client-glue'),
  operations: {
    CreateDatabase: createDatabase,
    CreateTable: createTable,
    GetDatabases: getDatabases,
    GetTables: getTables,
  },
};
