import type { Points } from '../../shared/aws/cloudwatch/points.ts';
import {
  type Lookup,
  NO_STOP_FACTS,
  type StopFacts,
  type TypeFacts,
} from '../../shared/aws/ec2/stopping/facts.ts';

export type { Lookup, TypeFacts };

/** What CloudWatch measured, by the names in metrics.ts; a metric that was not asked for is absent. */
export interface Activity {
  /** The window that was read, epoch ms; both on full periods. */
  readonly from: number;
  readonly to: number;
  /** Of all but the daily peaks. */
  readonly periodSeconds: number;
  readonly metrics: ReadonlyMap<string, Lookup<Points>>;
  /** Highest utilization of each GPU that an agent tells of, percent, by its index. Absent: none. */
  readonly gpus?: ReadonlyMap<string, Lookup<Points>>;
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
export interface Facts extends StopFacts {
  readonly activity: Activity | 'not-asked';
  /** The latest sign of somebody logging in, in words. */
  readonly login: Lookup<string | undefined> | 'not-asked';
  /** The name in Route 53 that leads to its public address. */
  readonly named: Lookup<string | undefined> | 'not-asked';
  /** Whether Reserved Instances of the account pay for machines like it. */
  readonly reserved: Lookup<boolean> | 'not-asked';
  /** Of the last 30 days. */
  readonly stops: Lookup<readonly PastStop[]> | 'not-asked';
}

export const NO_FACTS: Facts = {
  ...NO_STOP_FACTS,
  activity: 'not-asked',
  login: 'not-asked',
  named: 'not-asked',
  reserved: 'not-asked',
  stops: 'not-asked',
};
