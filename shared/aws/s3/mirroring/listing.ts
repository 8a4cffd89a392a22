import { ahead } from '../../../engine/parallel.ts';
import type { Aws } from '../../access.ts';
import { pages } from '../../pages.ts';
import { isBehind } from '../emptying/ranges.ts';
import { type Listed, objectPage } from '../objects.ts';

/** All objects of a bucket whose keys begin with a prefix, and the access that reaches them. */
export interface Side {
  readonly aws: Aws;
  readonly bucket: string;
  readonly prefix: string;
}

/** An object of the source, and what stands under the same name at the destination. */
export interface Pair {
  /** The key without the source's prefix; undefined where the listing is not decodable. */
  readonly name: string | undefined;
  readonly source: Listed;
  readonly copy: Listed | undefined;
}

/** Reads both sides in step, a page of each at a time: two listings of any size, and a memory that does not grow. */
export async function* pairs(from: Side, to: Side): AsyncGenerator<Pair, void, undefined> {
  const copies = objects(to);
  try {
    let next = await copies.next();
    for await (const [name, source] of objects(from)) {
      while (!next.done && name !== undefined && isBehind(name, next.value[0])) next = await copies.next();
      const copy = !next.done && name !== undefined && next.value[0] === name ? next.value[1] : undefined;
      yield { name, source, copy };
    }
  } finally {
    await copies.return();
  }
}

type Named = readonly [string | undefined, Listed];

async function* objects({ aws, bucket, prefix }: Side): AsyncGenerator<Named, void, undefined> {
  const listing = pages(async (token) => {
    const { objects: items, next } = await objectPage(aws, bucket, { prefix }, token);
    return { items, next };
  });
  for await (const page of ahead(listing)) {
    for (const one of page) yield [one.key?.slice(prefix.length), one];
  }
}
