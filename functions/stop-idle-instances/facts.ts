/** Something that was looked up, or why it is not known. */
export type Lookup<T> = { readonly value: T } | { readonly unknown: string };

export interface Point {
  /** Start of the period, epoch ms. */
  readonly at: number;
  readonly value: number;
}

/** What CloudWatch measured, by the names in metrics.ts; a metric that was not asked for is absent. */
export interface Activity {
  /** The window that was read, epoch ms; both on full periods. */
  readonly from: number;
  readonly to: number;
  /** Of all but the daily peaks. */
  readonly periodSeconds: number;
  readonly metrics: ReadonlyMap<string, Lookup<readonly Point[]>>;
}

export interface TypeFacts {
  readonly vcpus: number;
  /** GPU, Inferentia or Trainium. */
  readonly accelerated: boolean;
  readonly instanceStorage: boolean;
}

/** One of Reeve's own stops of the same instance, newest first. */
export interface PastStop {
  readonly at: Date;
  readonly reasonCode: string;
  /** The launch that it ended, as the change's fingerprint has it. */
  readonly fingerprint: string;
}

/**
 * What is known about one instance's activity and surroundings. Looked up in stages: what an earlier stage settles is
 * not asked for, and stays `not-asked`.
 */
export interface Facts {
  readonly activity: Activity | 'not-asked';
  readonly type: Lookup<TypeFacts> | 'not-asked';
  /** `one-time` or `persistent`. */
  readonly spot: Lookup<string> | 'not-asked';
  /** A maintenance event that AWS has planned, in words. */
  readonly event: Lookup<string | undefined> | 'not-asked';
  /** The Auto Scaling group that it is a member of. */
  readonly group: Lookup<string | undefined> | 'not-asked';
  /** The load balancer or target group that sends it traffic. */
  readonly serves: Lookup<string | undefined> | 'not-asked';
  /** The latest sign of somebody logging in, in words. */
  readonly login: Lookup<string | undefined> | 'not-asked';
  readonly stopProtected: Lookup<boolean> | 'not-asked';
  /** Of the last 30 days. */
  readonly stops: Lookup<readonly PastStop[]> | 'not-asked';
}

export const NO_FACTS: Facts = {
  activity: 'not-asked',
  type: 'not-asked',
  spot: 'not-asked',
  event: 'not-asked',
  group: 'not-asked',
  serves: 'not-asked',
  login: 'not-asked',
  stopProtected: 'not-asked',
  stops: 'not-asked',
};
