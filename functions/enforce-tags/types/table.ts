import { TYPE_NAMES, type TypeName } from '../type-names.ts';
import { bucketType } from './bucket.ts';
import { databaseType } from './database.ts';
import { ec2Types } from './ec2.ts';
import { groupType } from './group.ts';
import { listedTypes } from './listed.ts';
import type { TagType } from './row.ts';

/** Every type that Reeve can tag. To add one is to add a row, and its name in type-names.ts. */
export const TYPES: ReadonlyMap<string, TagType> = new Map(
  [groupType, ...ec2Types, bucketType, databaseType, ...listedTypes].map((row) => [row.type, row]),
);

/** The rows of these types, parents before what belongs to them. */
export function rowsOf(names: readonly TypeName[]): readonly TagType[] {
  return TYPE_NAMES.filter((name) => names.includes(name)).flatMap((name) => TYPES.get(name) ?? []);
}
