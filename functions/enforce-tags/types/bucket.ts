import type { Aws } from '../../../shared/aws/access.ts';
import { AwsFailure } from '../../../shared/aws/errors.ts';
import { bucketTags, listBuckets } from '../../../shared/aws/tagging/buckets.ts';
import { taggedResources } from '../../../shared/aws/tagging/tagging-api.ts';
import type { Tags } from '../../../shared/aws/tagging/target.ts';
import { inParallel } from '../../../shared/engine/parallel.ts';
import { BUCKET, bucketWriter } from './bucket-writer.ts';
import { arnOf, knownByArn, nameIn, type TagType, type Told, told } from './row.ts';

/** S3 tells the tags of one bucket a call. */
const PARALLEL = 5;

/** Buckets of the region; the Tagging API spares a call for each. */
export const bucketType: TagType = {
  type: 'AWS::S3::Bucket',
  filter: 's3',
  async *list(aws, tagged) {
    const known = await tagged();
    for await (const page of listBuckets(aws)) {
      yield page.map(({ Name = '', CreationDate }) =>
        bucketFrom(aws, Name, known.get(arnOf(BUCKET, Name, aws.place)) ?? new Map(), CreationDate),
      );
    }
  },
  async read(aws, arns) {
    const names = arns.flatMap((arn) => nameIn(BUCKET, arn) ?? []);
    const read = await inParallel(names, PARALLEL, async (name) => {
      try {
        return [bucketFrom(aws, name, await bucketTags(aws, name), undefined)];
      } catch (error) {
        if (error instanceof AwsFailure && error.kind === 'gone') return [];
        throw error;
      }
    });
    return read.flat();
  },
  readsOneByOne: true,
  ...knownByArn(BUCKET),
  write: bucketWriter,
  rights: {
    read: [...taggedResources.rights, ...listBuckets.rights, ...bucketTags.rights],
    write: bucketWriter.rights,
  },
};

function bucketFrom(aws: Aws, name: string, tags: Tags, createdAt: Date | undefined): Told {
  const arn = arnOf(BUCKET, name, aws.place);
  return told({ type: 'AWS::S3::Bucket', id: arn, arn, name, tags, createdAt });
}
