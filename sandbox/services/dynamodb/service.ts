import type { Service } from '../../core/service.ts';
import { batchGetItem, batchWriteItem, reading, writing } from './items.ts';
import {
  describeContinuousBackups,
  listTagsOfResource,
  tagResource,
  untagResource,
  updateContinuousBackups,
} from './table-settings.ts';
import { createTable, deleteTable, describeTable, listTables, updateTable } from './tables.ts';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.ts';
import { transactGetItems, transactWriteItems } from './transactions.ts';

export const dynamodb: Service = {
  name: 'dynamodb',
  signingName: 'dynamodb',
  iamPrefix: 'dynamodb',
  eventSource: 'dynamodb.amazonaws.com',
  load: () => import('@aws-sdk/client-dynamodb'),
  operations: {
    BatchGetItem: batchGetItem,
    BatchWriteItem: batchWriteItem,
    CreateTable: createTable,
    DeleteItem: writing('DeleteItem'),
    DeleteTable: deleteTable,
    DescribeContinuousBackups: describeContinuousBackups,
    DescribeTable: describeTable,
    DescribeTimeToLive: describeTimeToLive,
    GetItem: reading('GetItem'),
    ListTables: listTables,
    ListTagsOfResource: listTagsOfResource,
    PutItem: writing('PutItem'),
    Query: reading('Query'),
    Scan: reading('Scan'),
    TagResource: tagResource,
    TransactGetItems: transactGetItems,
    TransactWriteItems: transactWriteItems,
    UntagResource: untagResource,
    UpdateContinuousBackups: updateContinuousBackups,
    UpdateItem: writing('UpdateItem'),
    UpdateTable: updateTable,
    UpdateTimeToLive: updateTimeToLive,
  },
};
