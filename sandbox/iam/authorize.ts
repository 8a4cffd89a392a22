import type { AwsError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import type { Call, Demand } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { type Caller, callerOf } from './caller.ts';
import { contextOf } from './context.ts';
import { denial } from './denial.ts';
import { evaluate, type Judgement, type PolicyRequest, resourceAllows } from './evaluate.ts';
import type { RequestContext } from './pattern.ts';
import { resourcePolicyOf } from './resource-policies.ts';

/** Lets the call pass, or throws what its service answers to a caller who may not do one of the demanded actions. */
export function authorize(world: World, call: Call, demands: readonly Demand[]): void {
  const caller = callerOf(world, call.principal);
  for (const demand of demands) {
    for (const resource of demand.resources) {
      const judgement = judge(world, call, caller, demand, resource);
      if (judgement.decision !== 'allowed') throw denial(call, demand.action, resource, judgement);
    }
    world.noteGrant(caller.principal.roleArn ?? caller.principal.arn, demand.action);
  }
}

/** Asks for one resource after the other whether the caller may do the action: the refusal, or nothing. */
export function gate(world: World, call: Call, action: string): (resource: string) => AwsError | undefined {
  const caller = callerOf(world, call.principal);
  const contexts = new Map<string, RequestContext>();
  return (resource) => {
    const judgement = judge(world, call, caller, { action, resources: [resource] }, resource, contexts);
    if (judgement.decision !== 'allowed') return denial(call, action, resource, judgement);
    world.noteGrant(caller.principal.roleArn ?? caller.principal.arn, action);
    return undefined;
  };
}

/** Does the role's trust policy let this principal (`lambda.amazonaws.com`, a user, another account's role) assume it? */
export function trusts(
  world: World,
  role: { readonly arn: string },
  principal: Principal,
  context: Readonly<Record<string, readonly string[]>> = {},
  action = 'sts:AssumeRole',
): boolean {
  const trust = resourcePolicyOf(world, role.arn);
  if (!trust) return false;
  const keys: RequestContext = new Map([
    ...(principal.sourceArn ? sourceKeys(principal.sourceArn) : []),
    ...Object.entries(context).map(([key, values]) => [key.toLowerCase(), values] as const),
  ]);
  return resourceAllows(trust.document, {
    principal: callerOf(world, principal).principal,
    action,
    resource: role.arn,
    resourceAccount: role.arn.split(':')[4] ?? '',
    context: keys,
  });
}

/** `contexts` keeps what many resources of one owner have in common. */
function judge(
  world: World,
  call: Call,
  caller: Caller,
  demand: Demand,
  resource: string,
  contexts = new Map<string, RequestContext>(),
): Judgement {
  const policy = resourcePolicyOf(world, resource);
  const resourceAccount = policy?.owner ?? (resource.split(':')[4] || call.account);
  const context = contexts.get(resourceAccount) ?? contextOf(call, caller, demand, resourceAccount);
  contexts.set(resourceAccount, context);
  const assumes = /^sts:(AssumeRole|SetSourceIdentity|TagSession)/.test(demand.action);
  const request: PolicyRequest = {
    principal: caller.principal,
    action: demand.action,
    resource,
    resourceAccount,
    resourceMustAllow: assumes,
    context,
  };
  const judgement = evaluate({ ...caller.policies, resource: policy?.document }, request);
  const byTrust = assumes && judgement.by.kind === 'resource';
  return byTrust ? { ...judgement, by: { ...judgement.by, kind: 'trust' } } : judgement;
}

const sourceKeys = (arn: string): readonly (readonly [string, readonly string[]])[] => [
  ['aws:sourcearn', [arn]],
  ['aws:sourceaccount', [arn.split(':')[4] ?? '']],
];
