import type {
  CreateTrailRequest,
  DeleteTrailRequest,
  DescribeTrailsRequest,
  DescribeTrailsResponse,
  GetTrailStatusRequest,
  GetTrailStatusResponse,
  StartLoggingRequest,
  Trail,
} from '@aws-sdk/client-cloudtrail';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { type Call, type Demand, operation, type Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';

interface KeptTrail {
  readonly shown: Trail & { readonly Name: string; readonly TrailARN: string };
  logging: boolean;
  startedAt?: Date;
  stoppedAt?: Date;
}

/** Trails by name, kept in their home region. */
const trails = drawer<Map<string, KeptTrail>>(() => new Map());

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
    return add(call, input).shown;
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

/** A trail of all regions that logs to this bucket, as a well-kept account has one. */
export function seedTrail(
  place: Where & { readonly world: World },
  trail: { readonly Name: string; readonly S3BucketName: string; readonly IsMultiRegionTrail?: boolean },
): void {
  const kept = add(place, { IsMultiRegionTrail: true, ...trail });
  Object.assign(kept, { logging: true, startedAt: new Date(place.world.clock.now()) });
}

function add(place: Where & { readonly world: World }, input: CreateTrailRequest): KeptTrail {
  const { Name = '', S3BucketName, S3KeyPrefix, IsMultiRegionTrail = false } = input;
  const shown = {
    Name,
    S3BucketName,
    ...(S3KeyPrefix !== undefined && { S3KeyPrefix }),
    IncludeGlobalServiceEvents: input.IncludeGlobalServiceEvents ?? true,
    IsMultiRegionTrail,
    HomeRegion: place.region,
    TrailARN: arnOf(place, Name),
    LogFileValidationEnabled: false,
    HasCustomEventSelectors: false,
    HasInsightSelectors: false,
    IsOrganizationTrail: false,
  };
  const kept: KeptTrail = { shown, logging: false };
  trails.of(place).set(Name, kept);
  return kept;
}

function everywhere({ world, account }: Call): readonly KeptTrail[] {
  const own = trails.all(world).filter((home) => home.account === account);
  return own.flatMap(({ state }) => [...state.values()]);
}

/** By ARN from anywhere, by name in its home region. */
function trailNamed(call: Call, name = ''): KeptTrail {
  const found = name.startsWith('arn:')
    ? everywhere(call).find(({ shown }) => shown.TrailARN === name)
    : trails.of(call).get(name);
  if (found) return found;
  throw new AwsError('TrailNotFoundException', `Unknown trail: ${name} for the user: ${call.account}`, 404);
}

function arnOf({ partition, region, account }: Where, name: string): string {
  return name.startsWith('arn:') ? name : `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`;
}

function onTrail(call: Call, name = ''): readonly Demand[] {
  return [{ action: `cloudtrail:${call.operation}`, resources: [arnOf(call, name)] }];
}
