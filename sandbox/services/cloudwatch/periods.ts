import { AwsError } from '../../core/errors.ts';

/** Seconds that CloudWatch folds by: less than a minute for metrics of high resolution, else whole minutes. */
export function checkPeriod(period: number, parameter: string, short: readonly number[]): void {
  if (short.includes(period) || (period > 0 && period % 60 === 0)) return;
  throw new AwsError(
    'ValidationError',
    `The value ${period} for parameter ${parameter} must be ${short.join(', ')} or a multiple of 60.`,
  );
}

/** Where a page begins: the sandbox's tokens are positions. */
export function positionOf(token: string | undefined): number {
  if (token === undefined) return 0;
  if (/^\d{1,9}$/.test(token)) return Number(token);
  throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
}
