import type { Principal } from '../core/principal.ts';
import type { Call, Demand } from '../core/service.ts';
import type { Caller } from './caller.ts';
import type { RequestContext } from './pattern.ts';

/** The global condition keys of one request, and those that only its service knows. Keys that do not apply are absent. */
export function contextOf(
  call: Call,
  { principal, tags }: Caller,
  demand: Demand,
  resourceAccount: string,
): RequestContext {
  const keys: Record<string, string | readonly string[] | undefined> = {
    ...principalKeys(call.principal, principal.roleArn, tags),
    'aws:RequestedRegion': call.region,
    'aws:ResourceAccount': resourceAccount,
    'aws:CurrentTime': call.now.toISOString(),
    'aws:EpochTime': String(Math.floor(call.now.getTime() / 1000)),
    // The sandbox stands for AWS's TLS endpoints, whatever it is served over.
    'aws:SecureTransport': 'true',
    'aws:UserAgent': call.userAgent,
    'aws:SourceIp': call.principal.type === 'AWSService' ? undefined : call.sourceIp,
    ...demand.context,
  };
  return new Map(
    Object.entries(keys).flatMap(([key, value]) =>
      value === undefined ? [] : [[key.toLowerCase(), typeof value === 'string' ? [value] : value] as const],
    ),
  );
}

function principalKeys(
  who: Principal,
  roleArn: string | undefined,
  tags: ReadonlyMap<string, string>,
): Record<string, string | undefined> {
  if (who.type === 'AWSService') return serviceKeys(who);
  return {
    'aws:PrincipalArn': roleArn ?? who.arn,
    'aws:PrincipalAccount': who.account,
    'aws:PrincipalType': { Root: 'Account', IAMUser: 'User', AssumedRole: 'AssumedRole' }[who.type],
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:userid': who.principalId,
    'aws:username': who.userName,
    'aws:SourceIdentity': who.sourceIdentity,
    ...Object.fromEntries([...tags].map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}

function serviceKeys(who: Principal): Record<string, string | undefined> {
  const account = who.sourceArn?.split(':')[4] || who.account;
  return {
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': who.arn,
    'aws:ViaAWSService': 'false',
    'aws:SourceArn': who.sourceArn,
    'aws:SourceAccount': account,
    // The old key of SNS's default topic policies: alarms carry it, event rules do not.
    'aws:SourceOwner': who.arn.startsWith('cloudwatch.') ? account : undefined,
  };
}
