/** JSON as the journal and reports hold it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Tag keys are written by strangers (`__proto__` is one): a Map, never a plain object. */
export type Tags = ReadonlyMap<string, string>;

/** What every policy's resource has in common. */
export interface Resource {
  /** CloudFormation type, e.g. `AWS::EC2::SecurityGroup`. */
  readonly type: string;
  readonly id: string;
  readonly arn: string;
  readonly name: string | undefined;
  readonly tags: Tags;
}

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** A remedy as data: the engine hands it to the policy's `act`, the journal keeps it, a person can read it. */
export interface Change {
  /** Verb and object, e.g. `revoke-ingress`. */
  readonly action: string;
  /** One plain sentence in the imperative: "Revoke tcp 22 from 0.0.0.0/0 (sgr-…)". */
  readonly summary: string;
  /** The same once done, lower case, for a subject line: "closed SSH to the world". */
  readonly past?: string;
  /**
   * The same for the same change to the same state, different once the state has been re-created (rule ids, a launch
   * time): what keeps two deliveries of one event from acting twice.
   */
  readonly fingerprint: string;
  /**
   * The same each time the same thing is done again after somebody put it back, e.g. the rule without its id: what the
   * breaker counts (B3.41). Absent: every change of this action for this reason counts as the same.
   */
  readonly repeatKey?: string;
  /**
   * The same for the same change to the same state, whatever the time: what a plan is held to (B6.21). Absent:
   * fingerprint and parameters, in which there is no time.
   */
  readonly planKey?: string;
  /** Everything an undo needs to put it back. */
  readonly before: Json;
  /** How a person takes it back, one sentence. */
  readonly undo: string;
  /** The parameters of the action, as shown in `--format json`. */
  readonly parameters: { readonly [key: string]: Json };
  /**
   * It only ends something of Reeve's own that still works on the resource, e.g. a rule that deletes: exemptions and
   * protection ask for that, and never stand in its way.
   */
  readonly takesBack?: boolean;
  /** Its time was agreed upon beforehand, e.g. by office hours: it is no surprise that needs a grace. */
  readonly agreed?: boolean;
}

/** A fact that the verdict rests on, e.g. one security group rule. */
export type Evidence = { readonly [key: string]: Json };

/** What a policy has announced by a mark of its own on the resource. */
export interface Coming {
  /** "Delete photos". */
  readonly summary: string;
  readonly since: Date | undefined;
  /** Not before. */
  readonly due: Date;
  /** How its owner stops it, beside an exemption: "remove the tag reeve:delete-after". */
  readonly stop: string;
}

interface Judgement {
  /** Stable, for machines: `ssh-open-to-world`. */
  readonly reasonCode: string;
  /** One sentence that the resource's owner understands. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly coming?: Coming;
}

/** Settled and in order. */
export type Compliant = Judgement & { readonly verdict: 'compliant' };
/** Out of policy. `remedy` absent: a person has to decide, so it is only told. */
export type Violation<C extends Change> = Judgement & {
  readonly verdict: 'violation';
  readonly severity: Severity;
  readonly remedy: C | undefined;
  /** There is no remedy because something that it needs could not be read: whether one is needed still cannot be told. */
  readonly undecided?: boolean;
  /** Further sentences for the message: what stays, what to do instead. */
  readonly advice: readonly string[];
  /** Too early to tell anybody or to act, e.g. while whoever made it may still be tagging it; looked at again then. */
  readonly notBefore?: Date;
  /** Nobody tells how old it is: a sweep changes it only so many ms after one saw it so for the first time. */
  readonly afterSightMs?: number;
  /** US dollars a month that the remedy saves; `unknown` where no price is known, absent where saving is not the point. */
  readonly monthlySaving?: number | 'unknown';
};
/** Out of policy by agreement. */
export type Exempt = Judgement & { readonly verdict: 'exempt'; readonly until: Date | undefined };
/** Something needed for a verdict could not be read: never a reason to act. */
export type Unknown = Judgement & { readonly verdict: 'unknown' };

export type Verdict<C extends Change = Change> = Compliant | Violation<C> | Exempt | Unknown;
