import type { CreateTrailRequest, Trail } from '@aws-sdk/client-cloudtrail';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Demand, Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';

export interface KeptTrail {
  readonly shown: Trail & { readonly Name: string; readonly TrailARN: string };
  logging: boolean;
  startedAt?: Date;
  stoppedAt?: Date;
}

/** Trails by name, kept in their home region. */
export const trails = drawer<Map<string, KeptTrail>>(() => new Map());

/** A trail of all regions that logs to this bucket, as a well-kept account has one. */
export function seedTrail(
  place: Where & { readonly world: World },
  trail: { readonly Name: string; readonly S3BucketName: string; readonly IsMultiRegionTrail?: boolean },
): void {
  const kept = addTrail(place, { IsMultiRegionTrail: true, ...trail });
  Object.assign(kept, { logging: true, startedAt: new Date(place.world.clock.now()) });
}

/** Keeps a new trail, which does not log yet. */
export function addTrail(place: Where & { readonly world: World }, input: CreateTrailRequest): KeptTrail {
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

/** The trails of all regions of an account. */
export function everywhere({ world, account }: Call): readonly KeptTrail[] {
  const own = trails.all(world).filter((home) => home.account === account);
  return own.flatMap(({ state }) => [...state.values()]);
}

/** A trail by ARN from anywhere, by name in its home region. */
export function trailNamed(call: Call, name = ''): KeptTrail {
  const found = name.startsWith('arn:')
    ? everywhere(call).find(({ shown }) => shown.TrailARN === name)
    : trails.of(call).get(name);
  if (found) return found;
  throw new AwsError('TrailNotFoundException', `Unknown trail: ${name} for the user: ${call.account}`, 404);
}

function arnOf({ partition, region, account }: Where, name: string): string {
  return name.startsWith('arn:') ? name : `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`;
}

/** The demand of an operation on one trail. */
export function onTrail(call: Call, name = ''): readonly Demand[] {
  return [{ action: `cloudtrail:${call.operation}`, resources: [arnOf(call, name)] }];
}
