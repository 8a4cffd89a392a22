import { AwsError } from '../core/errors.ts';

/** Refuses members of an input that the sandbox does not act on, by name: never a silent 200. */
export function refuseOthers(operation: string, input: object, supported: readonly string[]): void {
  const strange = Object.entries(input).find(
    ([name, value]) => value !== undefined && !supported.includes(name),
  );
  if (strange) throw unsupported(`${operation}: ${strange[0]}`);
}

/** What the sandbox answers to what it does not do. */
export function unsupported(what: string): AwsError {
  return new AwsError('NotImplemented', `The sandbox does not support ${what}`, 501);
}
