/** Who calls. `arn` is what GetCallerIdentity answers and what policies name. */
export interface Principal {
  readonly type: 'Root' | 'IAMUser' | 'AssumedRole' | 'AWSService';
  /** `arn:aws:iam::111122223333:user/ana`, `arn:aws:sts::…:assumed-role/ROLE/SESSION`, or `ec2.amazonaws.com`. */
  readonly arn: string;
  readonly account: string;
  /** `AIDA…`, `AROA…:SESSION`, or the account id for root. */
  readonly principalId: string;
  readonly accessKeyId: string;
  readonly userName?: string;
  readonly roleName?: string;
  readonly sessionName?: string;
  readonly sourceIdentity?: string;
  /** Session policies given to AssumeRole. */
  readonly sessionPolicies?: readonly string[];
  /** For an AWS service: on behalf of which resource it calls (`aws:SourceArn`, `aws:SourceAccount`). */
  readonly sourceArn?: string;
}

/** What a caller signs with, and until when (epoch ms) it holds. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiresAt?: number;
  /** Epoch ms. */
  readonly issuedAt?: number;
  readonly principal: Principal;
}
