import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import { ec2State } from './state.ts';

/** Idempotency by ClientToken: the same request again gets the first answer, a different one is refused. */
export function once<O>(call: Call, token: string | undefined, input: object, act: () => O): O {
  if (!token) return act();
  const { clientTokens } = ec2State.of(call);
  const key = `${call.operation} ${token}`;
  const request = JSON.stringify(input);
  const earlier = clientTokens.get(key);
  if (!earlier) {
    const output = act();
    clientTokens.set(key, { request, output });
    return output;
  }
  if (earlier.request !== request) {
    const message =
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).';
    throw new AwsError('IdempotentParameterMismatch', message);
  }
  // The key names the operation, so what was kept under it is that operation's answer.
  return earlier.output as O;
}
