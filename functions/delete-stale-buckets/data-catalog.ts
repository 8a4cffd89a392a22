import type { Table } from '@aws-sdk/client-glue';
import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { databases, tables } from '../../shared/aws/glue.ts';
import { collectAtMost } from '../../shared/aws/pages.ts';
import { bucketOfLocation, ofSubscriber } from './analytics.ts';
import type { Use } from './references.ts';

/** Rights of everything that is called here. */
export const catalogRights = [databases, tables].flatMap(({ rights }) => rights);

/** Each is a call or more: a larger catalog would take most of an invocation. */
const MOST_DATABASES = 1000;
const MOST_TABLES = 50_000;

/**
 * The buckets in which databases and tables of this region's Data Catalog lie, with one of them for each bucket: there
 * may be thousands. Throws where the catalog is too large or unreadable. Partitions elsewhere than their table are not read.
 */
export function byGlue(aws: Aws): Promise<readonly Use[]> {
  return ofSubscriber(async () => {
    const uses = new Map<string, Use>();
    for await (const { what, locations } of entries(aws)) {
      for (const location of locations) {
        const bucket = bucketOfLocation(location ?? '');
        if (bucket === undefined || uses.has(bucket)) continue;
        uses.set(bucket, { bucket, reason: `the Glue ${what} lies in it` });
      }
    }
    return [...uses.values()];
  });
}

interface Entry {
  readonly what: string;
  readonly locations: readonly (string | undefined)[];
}

async function* entries(aws: Aws): AsyncGenerator<Entry, void, undefined> {
  let seen = 0;
  for (const { Name = '', LocationUri, TargetDatabase } of await collectAtMost(
    databases(aws),
    MOST_DATABASES,
  )) {
    yield { what: `database ${Name}`, locations: [LocationUri] };
    // A link: the tables are those of another database, which is listed too, or is another account's.
    if (TargetDatabase !== undefined) continue;
    for await (const page of existing(tables(aws, Name))) {
      seen += page.length;
      if (seen > MOST_TABLES) throw new Error(`there are more than ${MOST_TABLES} tables`);
      yield* page.map((table) => ({ what: `table ${Name}.${table.Name}`, locations: locationsOf(table) }));
    }
  }
}

function locationsOf({ StorageDescriptor: stored, Parameters = {} }: Table): Entry['locations'] {
  // Iceberg keeps its own account of where the newest version begins.
  const { metadata_location: iceberg } = Parameters;
  return [stored?.Location, ...(stored?.AdditionalLocations ?? []), iceberg];
}

/** What is gone since it was listed has no pages. */
async function* existing<T>(listing: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* listing;
  } catch (error) {
    if (!(error instanceof AwsFailure && error.kind === 'gone')) throw error;
  }
}
