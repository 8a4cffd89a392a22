import {
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
} from '@aws-sdk/client-firehose';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';
import { pages } from './pages.ts';

/** The names of the delivery streams of this region, of every type. */
export const deliveryStreams = verb(
  ['firehose:ListDeliveryStreams'],
  (aws: Aws): AsyncIterable<readonly string[]> =>
    pages(async (after) => {
      const { DeliveryStreamNames: items = [], HasMoreDeliveryStreams: more } = await aws.send(
        FirehoseClient,
        new ListDeliveryStreamsCommand({
          Limit: 1000,
          ...(after === undefined ? {} : { ExclusiveStartDeliveryStreamName: after }),
        }),
      );
      const last = items.at(-1);
      if (more && last === undefined) throw new Error('Firehose has more streams, but does not name them');
      return { items, next: more ? last : undefined };
    }),
);

/** What a delivery stream is, its destination above all; undefined where it is gone since it was listed. */
export const deliveryStream = verb(
  ['firehose:DescribeDeliveryStream'],
  async (aws: Aws, name: string): Promise<DeliveryStreamDescription | undefined> => {
    try {
      const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName: name });
      const { DeliveryStreamDescription: told } = await aws.send(FirehoseClient, command);
      if (told === undefined || told.HasMoreDestinations) {
        throw new Error(`Firehose does not tell all destinations of ${name}`);
      }
      return told;
    } catch (error) {
      if (error instanceof AwsFailure && error.kind === 'gone') return undefined;
      throw error;
    }
  },
);
