import type * as glue from '@aws-sdk/client-glue';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Demand } from '../../core/service.ts';
import { pageByKey } from '../pages.ts';

export interface Catalogued {
  readonly database: glue.Database & { readonly Name: string };
  readonly tables: Map<string, glue.Table & { readonly Name: string }>;
}

/** The Data Catalog of an account and region, by the names of its databases. */
export const catalogs = drawer<Map<string, Catalogued>>(() => new Map());

export const invalid = (message: string) => new AwsError('InvalidInputException', message);

/** Glue folds names to lower case, as Hive does. */
export function foldedName(given: string | undefined, what: string): string {
  const name = (given ?? '').toLowerCase();
  if (!/^[^\p{Cc}/*?]{1,255}$/u.test(name)) throw invalid(`${given} is not a valid name of a ${what}.`);
  return name;
}

/** A call on the catalog is one on everything above and below: `onCatalog(call, 'database/sales', 'table/sales/*')`. */
export function onCatalog(
  { partition, region, account, operation }: Call,
  ...paths: readonly string[]
): Demand[] {
  const arn = `arn:${partition}:glue:${region}:${account}:`;
  return [{ action: `glue:${operation}`, resources: ['catalog', ...paths].map((path) => `${arn}${path}`) }];
}

const PAGE = 100;

/** One page by name, at most a hundred. */
export function pageOf<T extends { readonly Name: string }>(
  all: Iterable<T>,
  { MaxResults = PAGE, NextToken }: Pick<glue.GetTablesRequest, 'MaxResults' | 'NextToken'>,
) {
  if (MaxResults < 1 || MaxResults > PAGE) throw invalid(`MaxResults has to be between 1 and ${PAGE}.`);
  const sorted = [...all].toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  const page = pageByKey(sorted, ({ Name }) => Name, MaxResults, NextToken || undefined);
  if (!page) throw invalid('The NextToken is not valid.');
  return { items: [...page.items], more: page.next === undefined ? {} : { NextToken: page.next } };
}
