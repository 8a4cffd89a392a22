import type * as iam from '@aws-sdk/client-iam';
import { type Call, operation } from '../../core/service.ts';
import {
  checkedName,
  deleteConflict,
  entityAlreadyExists,
  noSuchEntity,
  onIdentity,
  policyAt,
  required,
  sized,
  stateOf,
} from './refuse.ts';
import { type ManagedPolicy, stored, uniqueId } from './store.ts';

export const createPolicy = operation<iam.CreatePolicyRequest, iam.CreatePolicyResponse>({
  authorize: ({ PolicyName, Path }, call) => onIdentity(call, 'policy', PolicyName, Path),
  run(input, call) {
    const name = checkedName(input.PolicyName, 'policyName', 128);
    const path = input.Path ?? '/';
    const arn = `arn:${call.partition}:iam::${call.account}:policy${path}${name}`;
    const { policies } = stateOf(call);
    if (policies.has(arn))
      throw entityAlreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    const policy: ManagedPolicy = {
      name,
      path,
      arn,
      id: uniqueId(call.world, 'ANPA'),
      ...(input.Description !== undefined && { description: input.Description }),
      createdAt: call.now,
      policy: stored(sized(input.PolicyDocument, 6144), 'identity'),
    };
    policies.set(arn, policy);
    return { Policy: described(call, policy) };
  },
});

export const getPolicy = operation<iam.GetPolicyRequest, iam.GetPolicyResponse>({
  authorize: ({ PolicyArn }) => [{ action: 'iam:GetPolicy', resources: [required(PolicyArn, 'policyArn')] }],
  run: ({ PolicyArn }, call) => ({ Policy: described(call, policyAt(call, PolicyArn)) }),
});

export const getPolicyVersion = operation<iam.GetPolicyVersionRequest, iam.GetPolicyVersionResponse>({
  authorize: ({ PolicyArn }) => [
    { action: 'iam:GetPolicyVersion', resources: [required(PolicyArn, 'policyArn')] },
  ],
  run({ PolicyArn, VersionId }, call) {
    const { policy, createdAt } = policyAt(call, PolicyArn);
    if (VersionId !== 'v1')
      throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`);
    const Document = encodeURIComponent(policy.text);
    return { PolicyVersion: { Document, VersionId, IsDefaultVersion: true, CreateDate: createdAt } };
  },
});

export const deletePolicy = operation<iam.DeletePolicyRequest, object>({
  authorize: ({ PolicyArn }) => [
    { action: 'iam:DeletePolicy', resources: [required(PolicyArn, 'policyArn')] },
  ],
  run({ PolicyArn }, call) {
    const policy = policyAt(call, PolicyArn);
    if (attachments(call, policy) > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
    stateOf(call).policies.delete(policy.arn);
    return {};
  },
});

function attachments(call: Call, { arn }: ManagedPolicy): number {
  const { roles, users } = stateOf(call);
  return [...roles.values(), ...users.values()].filter(({ attached }) => attached.has(arn)).length;
}

function described(call: Call, policy: ManagedPolicy): iam.Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    AttachmentCount: attachments(call, policy),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    ...(policy.description !== undefined && { Description: policy.description }),
    CreateDate: policy.createdAt,
    UpdateDate: policy.createdAt,
  };
}
