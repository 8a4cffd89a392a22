import type { Bucket } from '../../../functions/delete-stale-buckets/bucket.ts';
import { digestOf } from '../../../functions/delete-stale-buckets/digest.ts';
import type { Contents, Facts, References, Signs } from '../../../functions/delete-stale-buckets/facts.ts';
import { judge } from '../../../functions/delete-stale-buckets/judge.ts';
import { type Settings, settings } from '../../../functions/delete-stale-buckets/settings.ts';
import { type Configuration, PARTS, type Part, type PartName } from '../../../shared/aws/s3/configuration.ts';
import type { Json } from '../../../shared/engine/verdict.ts';

export const NOW = new Date('2026-11-21T12:00:00Z');

export function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * 86_400_000);
}

export function bucket(
  extra: Partial<Bucket> & { readonly tag?: Readonly<Record<string, string>> } = {},
): Bucket {
  const { tag = {}, ...rest } = extra;
  const id = rest.id ?? 'forgotten';
  return {
    type: 'AWS::S3::Bucket',
    id,
    arn: `arn:aws:s3:::${id}`,
    name: id,
    tags: new Map(Object.entries(tag)),
    account: '111122223333',
    region: 'eu-west-1',
    createdAt: daysAgo(900),
    tagsUnread: undefined,
    ...rest,
  };
}

/** A thousand old versions, all listed. */
export function contents(extra: Partial<Contents> = {}): Contents {
  return {
    complete: true,
    objects: 700,
    noncurrent: 250,
    markers: 50,
    uploads: 2,
    bytes: 10 * 1024 ** 3,
    classes: new Map([['STANDARD', 10 * 1024 ** 3]]),
    earlyByteDays: new Map(),
    newest: daysAgo(500),
    newestMarker: daysAgo(480),
    newestUpload: daysAgo(490),
    stateFiles: false,
    serviceLogs: false,
    archives: false,
    ...extra,
  };
}

export const NOTHING: Partial<Contents> = {
  objects: 0,
  noncurrent: 0,
  markers: 0,
  uploads: 0,
  bytes: 0,
  classes: new Map(),
  newest: undefined,
  newestMarker: undefined,
  newestUpload: undefined,
};

/** So many days of the same count, the newest two days late. */
export function steady(objects: number, days = 400): Signs['trend'] {
  const at = Array.from({ length: days }, (_, index) => daysAgo(index + 2));
  return { state: 'read', value: { since: daysAgo(days), days: at.map((one) => ({ at: one, objects })) } };
}

export const unreadable = (why: string) => ({ state: 'unreadable', why }) as const;

export interface Told {
  readonly contents?: Partial<Contents> | string;
  readonly trend?: Signs['trend'];
  readonly requests?: Signs['requests'];
  readonly logs?: Signs['logs'];
  readonly set?: Partial<Record<PartName, Json>>;
  readonly unreadable?: readonly PartName[];
  readonly references?: Partial<References>;
}

/** All signs quiet, nothing set that protects, unless told otherwise. */
export function facts(told: Told = {}): Facts {
  return {
    signs: {
      contents:
        typeof told.contents === 'string'
          ? unreadable(told.contents)
          : { state: 'read', value: contents(told.contents) },
      trend: told.trend ?? steady(1000),
      requests: told.requests ?? { state: 'off' },
      logs: told.logs ?? { state: 'off' },
    },
    configuration: configuration(told),
    references: { uses: [], mentions: [], unread: [], ...told.references },
  };
}

export function configuration(told: Told = {}): Configuration {
  return new Map(
    PARTS.map((name): [PartName, Part] => {
      if (told.unreadable?.includes(name)) return [name, unreadable('AccessDenied: no')];
      const value = told.set?.[name];
      // The tests write objects only.
      return [
        name,
        value === undefined ? { state: 'unset' } : { state: 'set', value: value as { [key: string]: Json } },
      ];
    }),
  );
}

export function set(given: unknown = {}): Settings {
  return settings.parse(given);
}

export interface Case extends Told {
  readonly bucket?: Parameters<typeof bucket>[0];
  readonly settings?: object;
  readonly now?: Date;
}

export function verdictOn(given: Case = {}) {
  return judge(bucket(given.bucket), facts(given), set(given.settings), given.now ?? NOW);
}

/** The tags of a bucket that was marked so many days ago with the settings that it has. */
export function marked(ago: number, told: Told = {}, waitDays = 14): Readonly<Record<string, string>> {
  return {
    'reeve:marked': `${daysAgo(ago).toISOString()} ${digestOf(configuration(told))}`,
    'reeve:delete-after': daysAgo(ago - waitDays).toISOString(),
  };
}

/** The action that the verdict asks for, or its code where it asks for none. */
export function fate(given: Case = {}): string {
  const verdict = verdictOn(given);
  if (verdict.verdict === 'violation') return verdict.remedy?.action ?? 'told';
  return `${verdict.verdict}: ${verdict.reasonCode}`;
}
