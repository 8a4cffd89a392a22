import type { ResourceRef } from '../engine/signal.ts';

/** An API call as CloudTrail recorded it. Everything in it is a hint: fields may be null, hidden or cut (B5.1, B5.39). */
export interface ApiCall {
  /** E.g. `ec2.amazonaws.com`; empty when the record does not say. */
  readonly eventSource: string;
  readonly eventName: string;
  /** E.g. `Client.InvalidPermission.Duplicate`; undefined when the call went through. */
  readonly errorCode: string | undefined;
  /** `detail.requestParameters` and `detail.responseElements`, unread. `Field` (fields.ts) reads them with their path. */
  readonly request: unknown;
  readonly response: unknown;
}

/**
 * The calls that a policy listens to, by event name, and the resources that each points at. An empty list says that
 * this call does not concern the policy; a call that has to name a resource and does not throws `MalformedEvent`.
 * Not asked when the request was hidden or cut: the place is swept instead.
 */
export type CallTable = Readonly<Record<string, (call: ApiCall) => readonly ResourceRef[]>>;
