import { AwsError } from '../../core/errors.ts';
import type { Ec2State } from './state.ts';

/** Idempotency by ClientToken: the same request again gets the first answer, a different one is refused. */
export function once<O>(state: Ec2State, token: string | undefined, input: object, act: () => O): O {
  if (!token) return act();
  const request = JSON.stringify(input);
  const earlier = state.clientTokens.get(token);
  if (earlier) {
    if (earlier.request !== request) {
      const message = `Arguments on this idempotent request are inconsistent with arguments used in previous request(s).`;
      throw new AwsError('IdempotentParameterMismatch', message);
    }
    // The same request text was answered by the same operation, so the type is the same.
    return earlier.output as O;
  }
  const output = act();
  state.clientTokens.set(token, { request, output });
  return output;
}
