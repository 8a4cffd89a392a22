import type { Aws } from '../../shared/aws/access.ts';
import { workGroup, workGroups } from '../../shared/aws/athena.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { deliveryStream, deliveryStreams } from '../../shared/aws/firehose.ts';
import { collectAtMost } from '../../shared/aws/pages.ts';
import { inParallel } from '../../shared/engine/parallel.ts';
import type { Use } from './references.ts';

/** Rights of everything that is called here. */
export const analyticsRights = [workGroups, workGroup, deliveryStreams, deliveryStream].flatMap(
  ({ rights }) => rights,
);

/** Athena's own quota; whoever has more has to be asked by hand. */
const MOST_WORKGROUPS = 1000;
/** Firehose describes five a second: more would take most of an invocation. */
const MOST_STREAMS = 500;
const PARALLEL = 5;

/** Where the workgroups of this region leave what queries and Spark sessions yield. Throws where one is unreadable. */
export function byAthena(aws: Aws): Promise<readonly Use[]> {
  return ofSubscriber(async () => {
    const all = await collectAtMost(workGroups(aws), MOST_WORKGROUPS);
    const uses = await inParallel(all, PARALLEL, async ({ Name: name = '' }) => {
      const { Configuration } = await workGroup(aws, name);
      const locations = [
        Configuration?.ResultConfiguration?.OutputLocation,
        Configuration?.MonitoringConfiguration?.S3LoggingConfiguration?.LogLocation,
      ];
      return usesOf(locations, `the Athena workgroup ${name} writes to it`);
    });
    return uses.flat();
  });
}

/** Where the delivery streams of this region deliver to, or keep what they could not deliver. Throws like `byAthena`. */
export function byFirehose(aws: Aws): Promise<readonly Use[]> {
  return ofSubscriber(async () => {
    const all = await collectAtMost(deliveryStreams(aws), MOST_STREAMS);
    const uses = await inParallel(all, PARALLEL, async (name) => {
      const told = await deliveryStream(aws, name);
      // Each kind of destination names its buckets under other members, and there are new kinds every year.
      const arns = JSON.stringify(told?.Destinations ?? []).matchAll(/"arn:aws[a-z-]*:s3:::([^"/]+)/g);
      const buckets = new Set([...arns].flatMap(([, bucket]) => bucket ?? []));
      return [...buckets].map((bucket) => ({ bucket, reason: `the Firehose stream ${name} writes to it` }));
    });
    return uses.flat();
  });
}

/** The bucket of `s3://bucket/path`, also as Hadoop writes it (`s3a`, `s3n`); undefined for what lies elsewhere. */
export function bucketOfLocation(location: string): string | undefined {
  return /^s3[an]?:\/\/([^/]+)/i.exec(location)?.[1];
}

function usesOf(locations: readonly (string | undefined)[], reason: string): readonly Use[] {
  const buckets = new Set(locations.flatMap((location) => bucketOfLocation(location ?? '') ?? []));
  return [...buckets].map((bucket) => ({ bucket, reason }));
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/CommonErrors.html */
const NOT_SUBSCRIBED: readonly string[] = ['OptInRequired', 'SubscriptionRequiredException'];

/** An account that has never subscribed to a service has nothing in it that could name a bucket. */
export async function ofSubscriber(read: () => Promise<readonly Use[]>): Promise<readonly Use[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AwsFailure && NOT_SUBSCRIBED.includes(error.code)) return [];
    throw error;
  }
}
