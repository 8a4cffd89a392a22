import type {
  CreateTrailRequest,
  DeleteTrailRequest,
  DescribeTrailsRequest,
  DescribeTrailsResponse,
  GetTrailStatusRequest,
  GetTrailStatusResponse,
  StartLoggingRequest,
} from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { operation } from '../../core/service.ts';
import { addTrail, everywhere, onTrail, trailNamed, trails } from './trail-store.ts';

const SUPPORTED = new Set([
  'Name',
  'S3BucketName',
  'S3KeyPrefix',
  'IsMultiRegionTrail',
  'IncludeGlobalServiceEvents',
]);

/** Makes a trail; like CloudTrail's own it does not log before StartLogging. The bucket's policy is not looked at. */
export const createTrail = operation<CreateTrailRequest, object>({
  authorize: ({ Name }, call) => onTrail(call, Name),
  run(input, call) {
    const { Name = '', S3BucketName = '' } = input;
    for (const [member, value] of Object.entries(input)) {
      if (value !== undefined && !SUPPORTED.has(member))
        throw notImplemented(`${member} of cloudtrail:CreateTrail`);
    }
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(Name)) {
      throw new AwsError('InvalidTrailNameException', `Trail name ${Name} is not valid.`);
    }
    if (!S3BucketName) throw new AwsError('InvalidS3BucketNameException', 'Bucket name cannot be blank!');
    if (trails.of(call).has(Name)) {
      throw new AwsError(
        'TrailAlreadyExistsException',
        `Trail ${Name} already exists in region ${call.region}`,
      );
    }
    return addTrail(call, input).shown;
  },
});

/** Describes the trails of this region, and those of other regions that log here too. */
export const describeTrails = operation<DescribeTrailsRequest, DescribeTrailsResponse>({
  run({ trailNameList: names = [], includeShadowTrails = true }, call) {
    const seen = everywhere(call)
      .map(({ shown }) => shown)
      .filter(
        (trail) =>
          trail.HomeRegion === call.region || (includeShadowTrails && trail.IsMultiRegionTrail === true),
      );
    const asked =
      names.length === 0
        ? seen
        : seen.filter(({ Name, TrailARN }) => [Name, TrailARN].some((one) => names.includes(one)));
    return { trailList: asked };
  },
});

export const getTrailStatus = operation<GetTrailStatusRequest, GetTrailStatusResponse>({
  authorize: ({ Name }, call) => onTrail(call, Name),
  run({ Name }, call) {
    const { logging, startedAt, stoppedAt } = trailNamed(call, Name);
    return {
      IsLogging: logging,
      ...(startedAt && { StartLoggingTime: startedAt }),
      ...(stoppedAt && { StopLoggingTime: stoppedAt }),
    };
  },
});

export const startLogging = operation<StartLoggingRequest, object>({
  authorize: ({ Name }, call) => onTrail(call, Name),
  run({ Name }, call) {
    Object.assign(trailNamed(call, Name), { logging: true, startedAt: call.now });
    return {};
  },
});

export const stopLogging = operation<StartLoggingRequest, object>({
  authorize: ({ Name }, call) => onTrail(call, Name),
  run({ Name }, call) {
    Object.assign(trailNamed(call, Name), { logging: false, stoppedAt: call.now });
    return {};
  },
});

export const deleteTrail = operation<DeleteTrailRequest, object>({
  authorize: ({ Name }, call) => onTrail(call, Name),
  run({ Name }, call) {
    const { shown } = trailNamed(call, Name);
    trails.of({ ...call, region: shown.HomeRegion ?? call.region }).delete(shown.Name);
    return {};
  },
});
