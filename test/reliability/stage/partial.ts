import type { Part } from '../../../sandbox/core/world.ts';
import type { Seen } from './witness.ts';

/** What a call of several things may be answered with a success about only some of them. */
export const PARTIAL_FAULTS = ['in part once', 'in part for ever'] as const;
export type PartialFault = (typeof PARTIAL_FAULTS)[number];

/** Why something is left undone: each in turn. */
const REASONS = [
  { code: 'ThrottlingException', message: 'Rate exceeded', status: 400 },
  { code: 'InternalServiceException', message: 'An internal error occurred.', status: 500 },
  { code: 'AccessDeniedException', message: 'Not authorized to do this here.', status: 403 },
] as const;

/** Every second thing is left undone, the first of them first; an only one too. */
function split<T>(all: readonly T[]): { readonly taken: readonly T[]; readonly left: readonly T[] } {
  return {
    taken: all.filter((_, index) => index % 2 === 1),
    left: all.filter((_, index) => index % 2 === 0),
  };
}

function reasonFor(index: number): (typeof REASONS)[number] {
  return REASONS[index % REASONS.length] ?? REASONS[0];
}

interface Tagging {
  readonly ResourceARNList: readonly string[];
}

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html */
const tagging: Part = {
  // The typed boundary to the inputs of these calls, here and below.
  narrow(input) {
    const { taken } = split((input as Tagging).ResourceARNList);
    return taken.length === 0 ? undefined : { ...(input as Tagging), ResourceARNList: taken };
  },
  widen(input, output) {
    const { left } = split((input as Tagging).ResourceARNList);
    const failed = left.map((arn, index) => {
      const { code: ErrorCode, message: ErrorMessage, status: StatusCode } = reasonFor(index);
      return [arn, { ErrorCode, ErrorMessage, StatusCode }] as const;
    });
    const { FailedResourcesMap = {} } = output as { readonly FailedResourcesMap?: object };
    return { FailedResourcesMap: { ...FailedResourcesMap, ...Object.fromEntries(failed) } };
  },
};

interface Deletion {
  readonly Delete: { readonly Objects: readonly { readonly Key: string; readonly VersionId?: string }[] };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const deletion: Part = {
  narrow(input) {
    const { Delete, ...rest } = input as Deletion;
    const { taken } = split(Delete.Objects);
    return taken.length === 0 ? undefined : { ...rest, Delete: { ...Delete, Objects: taken } };
  },
  widen(input, output) {
    const { left } = split((input as Deletion).Delete.Objects);
    const errors = left.map((one, index) => {
      const { code: Code, message: Message } = S3_REASONS[index % S3_REASONS.length] ?? S3_REASONS[0];
      return { ...one, Code, Message };
    });
    const { Errors = [] } = output as { readonly Errors?: readonly object[] };
    return { ...output, Errors: [...Errors, ...errors] };
  },
};

const S3_REASONS = [
  { code: 'SlowDown', message: 'Please reduce your request rate.' },
  { code: 'InternalError', message: 'We encountered an internal error. Please try again.' },
  { code: 'AccessDenied', message: 'Access Denied' },
] as const;

interface BatchGet {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly object[] }>>;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const batchGet: Part = {
  narrow(input) {
    const taken = Object.entries((input as BatchGet).RequestItems).flatMap(([table, asked]) => {
      const { taken: Keys } = split(asked.Keys);
      return Keys.length === 0 ? [] : [[table, { ...asked, Keys }] as const];
    });
    return taken.length === 0
      ? undefined
      : { ...(input as BatchGet), RequestItems: Object.fromEntries(taken) };
  },
  widen(input, output) {
    const left = Object.entries((input as BatchGet).RequestItems).map(([table, asked]) => {
      return [table, { ...asked, Keys: split(asked.Keys).left }] as const;
    });
    return { Responses: {}, ...output, UnprocessedKeys: Object.fromEntries(left) };
  },
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html */
const metricData: Part = {
  narrow: (input) => input,
  widen(_input, output) {
    const { MetricDataResults = [] } = output as { readonly MetricDataResults?: readonly object[] };
    const broken = MetricDataResults.map((one, index) =>
      index % 2 === 0 ? { ...one, Timestamps: [], Values: [], StatusCode: 'InternalError' } : one,
    );
    return { ...output, MetricDataResults: broken };
  },
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const page: Part = {
  narrow: (input) => ({ ...(input as object), Limit: 1 }),
  widen: (_input, output) => output,
};

const PARTS: ReadonlyMap<string, Part> = new Map([
  ['resource-groups-tagging-api:TagResources', tagging],
  ['resource-groups-tagging-api:UntagResources', tagging],
  ['s3:DeleteObjects', deletion],
  ['dynamodb:BatchGetItem', batchGet],
  ['dynamodb:Query', page],
  ['cloudwatch:GetMetricData', metricData],
]);

/** How a call is answered in part, if AWS does such a thing with it. */
export function partOf({ service, operation }: Pick<Seen, 'service' | 'operation'>): Part | undefined {
  return PARTS.get(`${service}:${operation}`);
}
