import type { Call } from '../../core/service.ts';

export type Tags = ReadonlyMap<string, string>;

export interface Tagged {
  readonly arn: string;
  readonly tags: Tags;
}

/** The service's own operation that the Tagging API calls in the caller's name. */
interface OwnCall {
  readonly operation: string;
  readonly input: object;
}

/** A service whose resources the Tagging API knows. The service keeps the tags; this is how to reach them. */
export interface Taggable {
  /** The SDK package's name. */
  readonly service: string;
  /** As ARNs and resource type filters name the service. */
  readonly arnService: string;
  list(call: Call): readonly Tagged[];
  /** Where a resource is whose ARN does not tell. */
  regionOf?(arn: string, call: Call): string | undefined;
  tag(arn: string, tags: Tags, call: Call): OwnCall;
  untag(arn: string, keys: readonly string[], call: Call): OwnCall;
}
