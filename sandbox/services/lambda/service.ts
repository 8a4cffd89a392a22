import type { Service } from '../../core/service.ts';
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from './concurrency.ts';
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  putFunctionEventInvokeConfig,
} from './event-invoke.ts';
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
} from './event-source-mappings.ts';
import {
  createFunction,
  deleteFunction,
  updateFunctionCode,
  updateFunctionConfiguration,
} from './functions.ts';
import { invoke } from './invoke.ts';
import { addPermission, getPolicy, removePermission } from './permissions.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './read.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { listVersionsByFunction, publishVersion } from './versions.ts';

/** AWS Lambda: functions that really run, in processes of their own. */
export const lambda: Service = {
  name: 'lambda',
  signingName: 'lambda',
  iamPrefix: 'lambda',
  eventSource: 'lambda.amazonaws.com',
  load: () => import('@aws-sdk/client-lambda'),
  operations: {
    AddPermission: addPermission,
    CreateEventSourceMapping: createEventSourceMapping,
    CreateFunction: createFunction,
    DeleteEventSourceMapping: deleteEventSourceMapping,
    GetEventSourceMapping: getEventSourceMapping,
    ListEventSourceMappings: listEventSourceMappings,
    DeleteFunction: deleteFunction,
    DeleteFunctionConcurrency: deleteFunctionConcurrency,
    DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
    GetFunction: getFunction,
    GetFunctionConcurrency: getFunctionConcurrency,
    GetFunctionConfiguration: getFunctionConfiguration,
    GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
    GetPolicy: getPolicy,
    Invoke: invoke,
    ListFunctions: listFunctions,
    ListTags: listTags,
    ListVersionsByFunction: listVersionsByFunction,
    PublishVersion: publishVersion,
    PutFunctionConcurrency: putFunctionConcurrency,
    PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
    RemovePermission: removePermission,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateFunctionCode: updateFunctionCode,
    UpdateFunctionConfiguration: updateFunctionConfiguration,
  },
};
