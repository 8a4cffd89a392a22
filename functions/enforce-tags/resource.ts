import { type Lookup, NO_STOP_FACTS, type StopFacts } from '../../shared/aws/ec2/stopping/facts.ts';
import type { Stoppable } from '../../shared/aws/ec2/stopping/instance.ts';
import type { Actor, ResourceRef } from '../../shared/engine/signal.ts';
import type { Resource, Tags } from '../../shared/engine/verdict.ts';
import type { OrganizationRules } from './organization.ts';
import type { TypeName } from './type-names.ts';

/** A resource as far as its tags are concerned. */
export interface Tagged extends Resource {
  readonly type: TypeName;
  /** Where AWS tells it. */
  readonly createdAt: Date | undefined;
  /** What it belongs to, e.g. the instances of a volume: where its tags may be taken from. */
  readonly parents: readonly ResourceRef[];
  /** Only where the resource is a launch of somebody's own: who made it, by the signal that brought us here. */
  readonly creator: Actor | undefined;
  /** Until then whoever made it may still be tagging it (B2.12). */
  readonly graceUntil: Date | undefined;
  /** An instance that shows its tags to whoever is on it, which forbids some keys (B2.6). */
  readonly metadataTags: boolean;
  /** An instance as far as it may be stopped for its tags; undefined for what cannot be stopped at all. */
  readonly machine: Stoppable | undefined;
  /** The network interfaces of an instance, as far as it may be cut off for its tags. */
  readonly interfaces: readonly InterfaceGroups[];
}

/** A network interface and the security groups that it has. */
export interface InterfaceGroups {
  readonly id: string;
  readonly groupIds: readonly string[];
}

/** What is known about where a resource's missing tags could come from, and about its surroundings where it is overdue. */
export interface Facts {
  /** What it belongs to, as far as that could be read. */
  readonly parents: readonly { readonly id: string; readonly tags: Tags }[];
  /** Why parents could not be read: then nothing is taken from any of them. */
  readonly parentsUnread: string | undefined;
  /** Tags of the instance whose own role made the call (B2.24). */
  readonly creatorInstance: Tags | undefined;
  /** What a stop would do to others, looked up only where the deadline is over. */
  readonly around: StopFacts;
  /** The tag policy that holds for the account, where the settings ask for it. */
  readonly organization: Lookup<OrganizationRules> | 'not-asked';
  /** The group of its VPC that cuts it off, looked up where that is to be done. */
  readonly quarantine: Lookup<string> | 'not-asked';
}

export const NO_FACTS: Facts = {
  parents: [],
  parentsUnread: undefined,
  creatorInstance: undefined,
  around: NO_STOP_FACTS,
  quarantine: 'not-asked',
  organization: 'not-asked',
};
