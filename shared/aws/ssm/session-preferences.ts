import { GetDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Aws, verb } from '../access.ts';
import { AwsFailure } from '../errors.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html */
const PREFERENCES = 'SSM-SessionManagerRunShell';

/**
 * The bucket to which Session Manager's preferences in this region send what was typed, undefined where there is none.
 * Instances write there with their own rights, so no bucket policy tells of it. Throws where it cannot be understood.
 */
export const sessionLogBucket = verb(['ssm:GetDocument'], async (aws: Aws): Promise<string | undefined> => {
  try {
    const command = new GetDocumentCommand({ Name: PREFERENCES, DocumentFormat: 'JSON' });
    const { Content = '' } = await aws.send(SSMClient, command);
    const document: unknown = JSON.parse(Content);
    const { s3BucketName: bucket } = memberOf(document, 'inputs');
    return typeof bucket === 'string' && bucket !== '' ? bucket : undefined;
  } catch (error) {
    // Nobody has changed the preferences yet: nothing is logged.
    if (error instanceof AwsFailure && error.code === 'InvalidDocument') return undefined;
    throw error;
  }
});

function memberOf(value: unknown, key: string): { readonly [key: string]: unknown } {
  const member: unknown =
    typeof value === 'object' && value !== null
      ? Object.getOwnPropertyDescriptor(value, key)?.value
      : undefined;
  return typeof member === 'object' && member !== null ? { ...member } : {};
}
