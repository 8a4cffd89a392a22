import { AwsError } from '../core/errors.ts';

/** The error that IAM answers to a policy it cannot read. */
export function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, 400);
}

/** A string or a list of strings, as policies allow it nearly everywhere. */
export function strings(value: unknown, what: string): readonly string[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = listed.filter((each) => typeof each === 'string');
  if (texts.length < listed.length || texts.length === 0)
    throw malformed(`Syntax errors in policy: ${what}.`);
  return texts;
}

/** A JSON object, or the error that names what should have been one. */
export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`Syntax errors in policy: ${what} is not an object.`);
  }
  return Object.fromEntries(Object.entries(value));
}

/** The JSON of a policy text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('Syntax errors in policy.');
  }
}
