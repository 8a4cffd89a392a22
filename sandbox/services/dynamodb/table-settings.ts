import type * as ddb from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { addTags, type TagRefusals } from '../tag-rules.ts';
import { onTable, settingsOf } from './state.ts';

const onResource = ({ ResourceArn = '' }: { readonly ResourceArn?: string | undefined }, call: Call) => [
  { action: `dynamodb:${call.operation}`, resources: [ResourceArn] },
];

const REFUSALS: TagRefusals = {
  reserved: (key) =>
    new AwsError(
      'ValidationException',
      `One or more parameter values were invalid: the tag key ${key} is reserved`,
    ),
  tooMany: () =>
    new AwsError(
      'ValidationException',
      'One or more parameter values were invalid: a table can have 50 tags at most',
    ),
};

export const tagResource = operation<ddb.TagResourceInput, object>({
  authorize: onResource,
  run({ ResourceArn, Tags = [] }, call) {
    const { tags } = settingsOf(call, ResourceArn);
    addTags(
      tags,
      Tags.map(({ Key = '', Value = '' }) => [Key, Value]),
      REFUSALS,
    );
    return {};
  },
});

export const untagResource = operation<ddb.UntagResourceInput, object>({
  authorize: onResource,
  run({ ResourceArn, TagKeys = [] }, call) {
    const { tags } = settingsOf(call, ResourceArn);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsOfResource = operation<ddb.ListTagsOfResourceInput, object>({
  authorize: onResource,
  run({ ResourceArn }, call) {
    const { tags } = settingsOf(call, ResourceArn);
    return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  },
});

export const updateContinuousBackups = operation<ddb.UpdateContinuousBackupsInput, object>({
  authorize: onTable,
  run({ TableName, PointInTimeRecoverySpecification }, call) {
    const settings = settingsOf(call, TableName);
    settings.pointInTimeRecovery = PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true;
    return backups(settings.pointInTimeRecovery);
  },
});

export const describeContinuousBackups = operation<ddb.DescribeContinuousBackupsInput, object>({
  authorize: onTable,
  run: ({ TableName }, call) => backups(settingsOf(call, TableName).pointInTimeRecovery),
});

const backups = (enabled: boolean) => ({
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: enabled ? 'ENABLED' : 'DISABLED' },
  },
});
