/** An account's region: where something happened, or where to look. */
export interface Place {
  /** `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso…` */
  readonly partition: string;
  /** Twelve digits; always a string. */
  readonly account: string;
  readonly region: string;
}

/** A resource that a trigger points at. Types are CloudFormation's: `AWS::EC2::SecurityGroup`. */
export interface ResourceRef {
  readonly type: string;
  /** AWS id, name or ARN, as the event gave it. */
  readonly id: string;
  /** What the event itself says about the resource: a hint for lookups, never a reason to act on its own. */
  readonly hint?: unknown;
  /** Where it is, for a signal that names resources of several places; absent: wherever the signal is looked at. */
  readonly place?: Place;
}

/** What one resource is told from all others by: an id may be another's name, as that of an Auto Scaling group is free. */
export function keyOf({ type, id }: Pick<ResourceRef, 'type' | 'id'>): string {
  return `${type} ${id}`;
}

/** Together where their ids tell them apart, else type by type. */
export function apart<T>(values: readonly T[], refOf: (value: T) => ResourceRef): readonly (readonly T[])[] {
  const keys = new Set(values.map((value) => keyOf(refOf(value))));
  const ids = new Set(values.map((value) => refOf(value).id));
  if (values.length > 0 && ids.size === keys.size) return [values];
  return [...Map.groupBy(values, (value) => refOf(value).type).values()];
}

/** Who did it, as far as the event knows. Chosen partly by the caller: for people to read, never for authorisation. */
export interface Actor {
  /** CloudTrail userIdentity type, e.g. `IAMUser`, `AssumedRole`, `Root`, `AWSService`, `Unknown`. */
  readonly type: string;
  readonly arn: string | undefined;
  /** What to call them in a message: user name, session name, service. */
  readonly name: string;
  /** An IP address, or e.g. `cloudformation.amazonaws.com`. */
  readonly sourceIp: string | undefined;
  readonly invokedBy: string | undefined;
  /** The IAM Identity Center user on whose behalf a role acted: an id, which cannot be chosen by the caller. */
  readonly onBehalfOf?: string;
}

/** What set a run off. `name` is the API call, alarm, rule or finding type. */
export interface Cause {
  readonly kind:
    | 'api-call'
    | 'state-change'
    | 'alarm'
    | 'config-rule'
    | 'security-finding'
    | 'tag-change'
    | 'schedule'
    | 'continuation'
    | 'reconciliation'
    | 'command-line';
  readonly name: string;
}

/** What a trigger means, whatever its shape. */
export interface Signal extends Place {
  /** Correlation id: CloudTrail eventID, EventBridge id, SNS message id or Lambda request id. */
  readonly id: string;
  readonly scope:
    | { readonly kind: 'sweep' }
    | { readonly kind: 'resources'; readonly resources: readonly ResourceRef[] };
  readonly cause: Cause;
  readonly actor: Actor | undefined;
  /** When the thing happened, by the event's own time. */
  readonly time: Date;
  /** `late`: older than an hour on arrival. `replayed`: sent again from an archive. Both are decided by state alone. */
  readonly delivery: 'live' | 'late' | 'replayed';
}

/** An event about resources, which tells when they were touched; a sweep, or a person who names some, tells no such time. */
export function bringsTime({ scope, cause }: Pick<Signal, 'scope' | 'cause'>): boolean {
  return scope.kind === 'resources' && cause.kind !== 'schedule' && cause.kind !== 'command-line';
}
