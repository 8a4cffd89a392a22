import type { Principal } from './principal.ts';
import type { World } from './world.ts';

/** Where a call lands. */
export interface Where {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** One API call as an operation sees it. */
export interface Call extends Where {
  readonly world: World;
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  /** Simulated time at which the call arrived. */
  readonly now: Date;
  readonly sourceIp: string;
  readonly userAgent: string;
}

/** What IAM is asked before an operation runs: may the caller do `action` on each of `resources`? */
export interface Demand {
  /** `ec2:RevokeSecurityGroupIngress` */
  readonly action: string;
  /** ARNs, or `['*']` where the action knows no resource type. */
  readonly resources: readonly string[];
  /** Condition keys that only this request knows, e.g. `{ 'ec2:Region': ['eu-west-1'] }`; keys are case-insensitive. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** The two free-form halves of a CloudTrail record; an absent half falls back to the generic one. */
export interface TrailDetail {
  readonly request?: unknown;
  readonly response?: unknown;
}

export interface OperationSpec<I, O> {
  /** Does what AWS documents: reads the SDK's input type, answers its output type, throws AwsError. */
  run(input: I, call: Call): O | Promise<O>;
  /** Default: `[{ action: '<iamPrefix>:<Operation>', resources: ['*'] }]`. */
  authorize?(input: I, call: Call): readonly Demand[];
  /** A mutation (recorded by CloudTrail and delivered as an event). Default: the name does not begin with Describe, Get, List, Head, Query, Scan, BatchGet or Receive. */
  readonly writes?: boolean;
  /** CloudTrail does not log this call as a management event (data plane: Publish, SendMessage, PutItem, PutEvents, PutMetricData …). */
  readonly dataPlane?: boolean;
  /** CloudTrail's name for the call where it is another one (S3: PutBucketLifecycle). */
  readonly eventName?: string;
  /** Where the generic lower-camel rendering is not what CloudTrail writes. `output` is undefined when the call failed. */
  trail?(input: I, output: O | undefined, call: Call): TrailDetail;
}

/** An operation with its types folded away, so that a service can list operations of many shapes. */
export type Operation = OperationSpec<unknown, unknown>;

/** The one place where an operation's types are erased: the wire layer reads its input by the SDK's own schema. */
export function operation<I, O>(spec: OperationSpec<I, O>): Operation {
  return spec as unknown as Operation;
}

export interface Service {
  /** The SDK package without `@aws-sdk/client-`: `ec2`, `eventbridge`. */
  readonly name: string;
  /** SigV4 signing name in the credential scope: `ec2`, `events`, `monitoring`. */
  readonly signingName: string;
  /** IAM action prefix: `ec2`, `events`, `cloudwatch`. */
  readonly iamPrefix: string;
  /** CloudTrail's eventSource: `ec2.amazonaws.com`. */
  readonly eventSource: string;
  /** One endpoint for the whole partition (IAM): state and events live in us-east-1. */
  readonly global?: boolean;
  /** The SDK client module whose schemas describe the wire. Loaded at the first request. */
  load(): Promise<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, Operation>>;
}
