/** Something that was looked up, or why it is not known. */
export type Lookup<T> = { readonly value: T } | { readonly unknown: string };

export interface TypeFacts {
  readonly vcpus: number;
  /** GPU, Inferentia or Trainium. */
  readonly accelerated: boolean;
  /** Of NVIDIA, where it has no other accelerators. */
  readonly gpus?: number;
  readonly instanceStorage: boolean;
}

/** What is known about the surroundings of an instance that may be stopped; what was not looked up is `not-asked`. */
export interface StopFacts {
  readonly type: Lookup<TypeFacts> | 'not-asked';
  /** `one-time` or `persistent`. */
  readonly spot: Lookup<string> | 'not-asked';
  /** A maintenance event that AWS has planned, in words. */
  readonly event: Lookup<string | undefined> | 'not-asked';
  /** The Auto Scaling group that it is a member of. */
  readonly group: Lookup<string | undefined> | 'not-asked';
  /** The load balancer or target group that sends it traffic. */
  readonly serves: Lookup<string | undefined> | 'not-asked';
  /** Asked about a few only: EC2 itself refuses to stop the others. */
  readonly stopProtected: Lookup<boolean> | 'not-asked';
}

export const NO_STOP_FACTS: StopFacts = {
  type: 'not-asked',
  spot: 'not-asked',
  event: 'not-asked',
  group: 'not-asked',
  serves: 'not-asked',
  stopProtected: 'not-asked',
};
