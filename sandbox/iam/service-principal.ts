import type { Principal } from '../core/principal.ts';

/** AWS's own service as a caller: `servicePrincipal('sns', account, topicArn)` acts for that topic. */
export function servicePrincipal(service: string, account: string, sourceArn?: string): Principal {
  const arn = `${service}.amazonaws.com`;
  return {
    type: 'AWSService',
    arn,
    account,
    principalId: arn,
    accessKeyId: '',
    ...(sourceArn && { sourceArn }),
  };
}
