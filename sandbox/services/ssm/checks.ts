import type * as ssm from '@aws-sdk/client-ssm';
import { RE2JS } from 're2js';
import { AwsError } from '../../core/errors.ts';

/** A parameter's name as PutParameter documents it. */
export function checkedName(name = ''): string {
  if (!/^[\w.\-/]+$/.test(name) || name.length > 1011) {
    throw validation(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (/^\/?(ssm|aws)/i.test(name))
    throw validation(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`);
  if (name.includes('/') && !name.startsWith('/'))
    throw validation('Parameter name must be a fully qualified name.');
  return name;
}

/** A parameter's value: not empty, within its tier's size and its allowed pattern. */
export function checkValue({
  Value = '',
  Tier = 'Standard',
  AllowedPattern,
  Policies,
}: ssm.PutParameterRequest): void {
  if (Policies !== undefined) {
    throw new AwsError('NotImplemented', 'The sandbox does not implement Policies of ssm:PutParameter.', 501);
  }
  if (AllowedPattern !== undefined && !RE2JS.matches(AllowedPattern, Value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${AllowedPattern}`,
    );
  }
  if (Value === '')
    throw validation(
      `1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  const most = Tier === 'Advanced' ? 8192 : 4096;
  if (Buffer.byteLength(Value) > most) {
    throw validation(`${Tier} tier parameters support a maximum parameter value of ${most} characters.`);
  }
}

export const validation = (message: string) => new AwsError('ValidationException', message);
