/** An Amazon Resource Name, split at its first five colons; region and account are empty where a service has none. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the fifth colon, colons and slashes included: `security-group/sg-1`, `function:reeve:3`. */
  readonly resource: string;
}

const FORM = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws|):(.+)$/s;

/**
 * Reads an ARN of any partition, or tells that the text is none. Global resources have no region, S3 buckets neither
 * region nor account, AWS's own managed ones the account `aws`.
 */
export function parseArn(text: string): Arn | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match;
  return { partition, service, region, account, resource };
}

/** Writes an ARN; the inverse of `parseArn`. */
export function formatArn({ partition, service, region, account, resource }: Arn): string {
  return ['arn', partition, service, region, account, resource].join(':');
}

/** Twelve digits, nothing else: the only form that may become part of a role's ARN. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}
