import type { AwsFailure } from '../errors.ts';

/** A resource to be tagged. */
export interface Target {
  readonly id: string;
  readonly arn: string;
}

/** How the tagging of one resource ended. */
export interface Written {
  readonly id: string;
  readonly failure: AwsFailure | undefined;
  readonly requestId: string | undefined;
}

/** Tag keys are written by strangers (`__proto__` is one): a Map, never a plain object. */
export type Tags = ReadonlyMap<string, string>;

/** The same for each of several resources that one call was about. */
export function all(
  targets: readonly Target[],
  failure: AwsFailure | undefined,
  requestId: string | undefined,
): readonly Written[] {
  return targets.map(({ id }) => ({ id, failure, requestId }));
}

/** A list of `{Key, Value}` as most services tell tags. */
export function tagsFrom(
  told: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Tags {
  return new Map(told.flatMap(({ Key, Value = '' }) => (Key === undefined ? [] : [[Key, Value] as const])));
}

/** Tags that a service tells as an object; own keys only. */
export function tagsOf(told: Readonly<Record<string, string>> = {}): Tags {
  return new Map(Object.entries(told));
}

/** Tags as most services take them. */
export function asList(tags: Tags): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
