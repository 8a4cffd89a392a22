import type { World } from '../core/world.ts';
import { type PolicyDocument, type PolicyKind, parsePolicy } from './document.ts';

/** A policy that hangs on a resource: topics, queues, functions, buckets, and roles with their trust policy. */
export interface ResourcePolicy {
  readonly text: string;
  readonly document: PolicyDocument;
  /** Who owns the resource, for ARNs that do not say it (buckets). */
  readonly owner?: string;
}

const policies = new WeakMap<World, Map<string, ResourcePolicy>>();

/**
 * Services tell here what a resource's own policy is, whenever it is set; `undefined` takes it away. A document that
 * cannot be read is a MalformedPolicyDocument.
 */
export function setResourcePolicy(
  world: World,
  arn: string,
  text: string | undefined,
  { owner, kind = 'resource' }: { readonly owner?: string; readonly kind?: PolicyKind } = {},
): void {
  const ofWorld = policies.get(world) ?? new Map<string, ResourcePolicy>();
  policies.set(world, ofWorld);
  if (text === undefined) ofWorld.delete(arn);
  else ofWorld.set(arn, { text, document: parsePolicy(text, kind), ...(owner && { owner }) });
}

/** The policy that hangs on this resource, if any; an object's is that of its bucket. */
export function resourcePolicyOf(world: World, arn: string): ResourcePolicy | undefined {
  const ofWorld = policies.get(world);
  const slash = arn.includes(':s3:::') ? arn.indexOf('/') : -1;
  return ofWorld?.get(slash < 0 ? arn : arn.slice(0, slash));
}
