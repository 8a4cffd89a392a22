import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\u0021-\u007f]+$/;
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 43_200;
const POLICY_CHARACTERS = 2048;
const POLICY_ARNS = 10;

/** Parameters that the sandbox does not act on: refused by name rather than ignored. */
const UNSUPPORTED = ['Tags', 'TransitiveTagKeys', 'SerialNumber', 'TokenCode', 'ProvidedContexts'] as const;

export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** Checks an AssumeRole request as STS does before anything else, and answers its required members. */
export function validated(input: AssumeRoleCommandInput): { RoleArn: string; RoleSessionName: string } {
  const { RoleArn, RoleSessionName, ExternalId, SourceIdentity, DurationSeconds, Policy, PolicyArns } = input;
  const unsupported = UNSUPPORTED.find((name) => input[name] !== undefined);
  if (unsupported) {
    throw notImplemented(`${unsupported} of sts:AssumeRole`);
  }
  if (!RoleArn) throw missing('roleArn');
  if (!RoleSessionName) throw missing('roleSessionName');
  if (!ROLE_ARN.test(RoleArn)) throw invalid(`${RoleArn} is invalid`);
  if (!SESSION_NAME.test(RoleSessionName)) throw pattern('roleSessionName', RoleSessionName, '[\\w+=,.@-]*');
  if (ExternalId !== undefined && !EXTERNAL_ID.test(ExternalId)) {
    throw pattern('externalId', ExternalId, '[\\w+=,.@:\\/-]*');
  }
  if (SourceIdentity !== undefined && !SESSION_NAME.test(SourceIdentity)) {
    throw pattern('sourceIdentity', SourceIdentity, '[\\w+=,.@-]*');
  }
  if (DurationSeconds !== undefined && DurationSeconds < SHORTEST_SECONDS) {
    throw constraint(
      'durationSeconds',
      DurationSeconds,
      'Member must have value greater than or equal to 900',
    );
  }
  if (DurationSeconds !== undefined && DurationSeconds > LONGEST_SECONDS) {
    throw constraint(
      'durationSeconds',
      DurationSeconds,
      'Member must have value less than or equal to 43200',
    );
  }
  if (Policy !== undefined && Policy.length > POLICY_CHARACTERS) {
    throw constraint('policy', Policy, 'Member must have length less than or equal to 2048');
  }
  if ((PolicyArns?.length ?? 0) > POLICY_ARNS) {
    throw constraint(
      'policyArns',
      PolicyArns?.length ?? 0,
      'Member must have length less than or equal to 10',
    );
  }
  return { RoleArn, RoleSessionName };
}

function missing(name: string): AwsError {
  return invalid(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

function pattern(name: string, value: string, expression: string): AwsError {
  return constraint(name, value, `Member must satisfy regular expression pattern: ${expression}`);
}

function constraint(name: string, value: string | number, rule: string): AwsError {
  return invalid(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ${rule}`,
  );
}
