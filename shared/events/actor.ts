import type { Actor } from '../engine/signal.ts';
import type { Field } from './fields.ts';

/**
 * Who made a recorded call, for people to read. Every identity type has a name, a missing or broken identity is
 * `unknown`. Source: CloudTrail userIdentity element, event version 1.11.
 */
export function readActor(detail: Field): Actor {
  const identity = detail.at('userIdentity');
  const type = identity.at('type').optionalText() ?? 'Unknown';
  const nameOf = NAMES.get(type);
  const onBehalfOf = identity.at('onBehalfOf', 'userId').optionalText();
  return {
    type,
    arn: identity.at('arn').optionalText(),
    name: (nameOf?.(identity) ?? anyName(identity) ?? 'unknown').slice(0, 256),
    sourceIp: detail.at('sourceIPAddress').optionalText(),
    invokedBy: identity.at('invokedBy').optionalText(),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  };
}

type NameOf = (identity: Field) => string | undefined;

const NAMES: ReadonlyMap<string, NameOf> = new Map<string, NameOf>([
  ['Root', () => 'root'],
  ['IAMUser', (identity) => identity.at('userName').optionalText()],
  ['AssumedRole', roleSessionName],
  ['Role', roleSessionName],
  ['FederatedUser', (identity) => afterSlash(identity.at('arn'))],
  ['SAMLUser', (identity) => identity.at('userName').optionalText()],
  ['WebIdentityUser', (identity) => identity.at('userName').optionalText()],
  ['IdentityCenterUser', (identity) => identity.at('onBehalfOf', 'userId').optionalText()],
  ['AWSAccount', accountName],
  ['AWSService', (identity) => identity.at('invokedBy').optionalText()],
]);

/** The source identity survives role chaining, the session name (a mail address under SSO) may be anything. */
function roleSessionName(identity: Field): string | undefined {
  return (
    identity.at('sessionContext', 'sourceIdentity').optionalText() ??
    afterSlash(identity.at('arn')) ??
    identity.at('sessionContext', 'sessionIssuer', 'userName').optionalText()
  );
}

function accountName(identity: Field): string | undefined {
  const account = identity.at('accountId').optionalText();
  return account && `account ${account}`;
}

function anyName(identity: Field): string | undefined {
  const [, session] = (identity.at('principalId').optionalText() ?? '').split(':');
  return (
    identity.at('userName').optionalText() ??
    identity.at('invokedBy').optionalText() ??
    afterSlash(identity.at('arn')) ??
    (session || accountName(identity))
  );
}

function afterSlash(arn: Field): string | undefined {
  const text = arn.optionalText();
  return text?.includes('/') ? text.slice(text.lastIndexOf('/') + 1) || undefined : undefined;
}
