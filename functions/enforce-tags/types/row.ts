import type { Aws } from '../../../shared/aws/access.ts';
import { formatArn, parseArn } from '../../../shared/aws/arn.ts';
import type { Tags, Target, Written } from '../../../shared/aws/tagging/target.ts';
import type { Place } from '../../../shared/engine/signal.ts';
import type { Tagged } from '../resource.ts';
import type { TypeName } from '../type-names.ts';

/** A resource as its own service tells it; what only the signal knows is added by `find`. */
export type Told = Omit<Tagged, 'creator' | 'graceUntil'>;

/** The tags, by ARN, of all that has any among the types of a sweep that have a `filter`. */
export type TagsByArn = () => Promise<ReadonlyMap<string, Tags>>;

/** How the tags of a type are written, and removed where they have these values. */
export interface TagWriter {
  set(aws: Aws, targets: readonly Target[], tags: Tags): Promise<readonly Written[]>;
  remove(aws: Aws, targets: readonly Target[], tags: Tags): Promise<readonly Written[]>;
}

/**
 * A type of resource whose tags can be enforced: one row of the table in table.ts. Ids are unique among all types but
 * one: EC2's own, and for everything else the ARN, as a queue may be called like a bucket; an Auto Scaling group, which goes by
 * its name, may be called like anything of EC2.
 */
export interface TagType {
  readonly type: TypeName;
  /** As the Tagging API names the type, where its service's own listing tells no tags. */
  readonly filter?: string;
  /** All of the region, also those that never had a tag (B2.30), a page at a time; `tagged` tells tags by `filter`. */
  list(aws: Aws, tagged: TagsByArn): AsyncIterable<readonly Told[]>;
  /** Those with these ids, as their own service tells them now; what does not exist is absent. */
  read(aws: Aws, ids: readonly string[]): Promise<readonly Told[]>;
  /** Where a call of `read` tells of one resource: what refuses one says nothing of the others. */
  readonly readsOneByOne?: true;
  /** Those that hang on these instances, for types that do. */
  ofInstances?(aws: Aws, ids: readonly string[]): Promise<readonly Told[]>;
  /** The id that an ARN of this type stands for; undefined for any other ARN. */
  idOf(arn: string): string | undefined;
  /** The id of what an event calls by its plain id or name. */
  idNamed(name: string, place: Place): string;
  readonly write: TagWriter;
  /** Under which name the AWS CLI's answer lists resources of this type, and how one of them is read. */
  readonly saved?: { readonly under: string; from(one: object, place: Place): Told };
  /** The IAM actions of all of the above. */
  readonly rights: { readonly read: readonly string[]; readonly write: readonly string[] };
}

const PLAIN = {
  name: undefined,
  createdAt: undefined,
  parents: [],
  metadataTags: false,
  machine: undefined,
  interfaces: [],
} as const;

/** A resource of which nothing is known but what every resource has. */
export function told(known: Pick<Told, 'type' | 'id' | 'arn' | 'tags'> & Partial<Told>): Told {
  return { ...PLAIN, ...known };
}

/** Where a type's id stands in its ARNs. */
export interface ArnForm {
  readonly service: string;
  /** In front of the id, e.g. `volume/`. */
  readonly prefix: string;
  /** EC2's own snapshots and images name no account, S3's buckets neither that nor a region. */
  readonly without?: readonly ('account' | 'region')[];
}

export function arnOf({ service, prefix, without = [] }: ArnForm, name: string, place: Place): string {
  return formatArn({
    partition: place.partition,
    service,
    region: without.includes('region') ? '' : place.region,
    account: without.includes('account') ? '' : place.account,
    resource: `${prefix}${name}`,
  });
}

/** The name behind the prefix; a qualifier behind it, as a function's version, is no part of it. */
export function nameIn({ service, prefix }: ArnForm, text: string): string | undefined {
  const arn = parseArn(text);
  if (arn?.service !== service || !arn.resource.startsWith(prefix)) return undefined;
  const behind = arn.resource.slice(prefix.length);
  const name = prefix.includes('/') ? behind : (behind.split(':')[0] ?? '');
  return name === '' || (prefix === '' && /[/:]/.test(behind)) ? undefined : name;
}

/** How a type with ARNs for ids is told: by ARN, or by the name in it. */
export function knownByArn(form: ArnForm): Pick<TagType, 'idOf' | 'idNamed'> {
  return {
    idOf(text) {
      const name = nameIn(form, text);
      const arn = name === undefined ? undefined : parseArn(text);
      return arn && formatArn({ ...arn, resource: `${form.prefix}${name}` });
    },
    idNamed: (name, place) => arnOf(form, name, place),
  };
}

/** How a type of EC2 is told: by the id in its ARN, which everybody calls it by. */
export function knownById(form: ArnForm): Pick<TagType, 'idOf' | 'idNamed'> {
  return { idOf: (arn) => nameIn(form, arn), idNamed: (id) => id };
}
