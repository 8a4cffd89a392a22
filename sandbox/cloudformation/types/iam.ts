import {
  json,
  type Making,
  number,
  pick,
  type ResourceType,
  records,
  text,
  texts,
} from '../resource-type.ts';
import type { Fields } from '../template.ts';

const role: ResourceType = {
  properties: [
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'RoleName',
    'Tags',
  ],
  async create(p, making) {
    const RoleName = typeof p.RoleName === 'string' ? p.RoleName : making.uniqueName(64);
    const made = await making.invoke('iam', 'CreateRole', {
      ...pick(p, 'Path', 'Description', 'PermissionsBoundary'),
      RoleName,
      AssumeRolePolicyDocument: json(p.AssumeRolePolicyDocument),
      MaxSessionDuration: number(p, 'MaxSessionDuration'),
      // IAM keeps tags that begin with `aws:` to AWS; CloudFormation puts none on roles.
      Tags: making.tags.filter(({ Key }) => !Key.startsWith('aws:')),
    });
    for (const policy of records(p, 'Policies')) await putPolicy(making, RoleName, policy);
    for (const PolicyArn of texts(p, 'ManagedPolicyArns')) {
      await making.invoke('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
    }
    // Boundary: CreateRole's own output.
    const { Arn, RoleId } = made.Role as { Arn: string; RoleId: string };
    return { ref: RoleName, attributes: { Arn, RoleId }, remove: () => removeRole(making, RoleName, p) };
  },
};

async function putPolicy(making: Making, RoleName: string, policy: Fields): Promise<void> {
  const PolicyDocument = json(policy.PolicyDocument);
  await making.invoke('iam', 'PutRolePolicy', {
    RoleName,
    PolicyName: text(policy, 'PolicyName'),
    PolicyDocument,
  });
}

async function removeRole(making: Making, RoleName: string, p: Fields): Promise<void> {
  for (const { PolicyName } of records(p, 'Policies')) {
    await making.invoke('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
  }
  for (const PolicyArn of texts(p, 'ManagedPolicyArns')) {
    await making.invoke('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
  }
  await making.invoke('iam', 'DeleteRole', { RoleName });
}

const policy: ResourceType = {
  properties: ['PolicyName', 'PolicyDocument', 'Roles'],
  async create(p, making) {
    for (const RoleName of texts(p, 'Roles')) await putPolicy(making, RoleName, p);
    const PolicyName = text(p, 'PolicyName');
    return {
      ref: PolicyName,
      async remove() {
        for (const RoleName of texts(p, 'Roles')) {
          await making.invoke('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
        }
      },
    };
  },
};

const managedPolicy: ResourceType = {
  properties: ['ManagedPolicyName', 'PolicyDocument', 'Roles', 'Description', 'Path'],
  async create(p, making) {
    const PolicyName = typeof p.ManagedPolicyName === 'string' ? p.ManagedPolicyName : making.uniqueName(128);
    const input = { ...pick(p, 'Description', 'Path'), PolicyName, PolicyDocument: json(p.PolicyDocument) };
    const made = await making.invoke('iam', 'CreatePolicy', input);
    // Boundary: CreatePolicy's own output.
    const { Arn: PolicyArn } = made.Policy as { Arn: string };
    for (const RoleName of texts(p, 'Roles'))
      await making.invoke('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
    return {
      ref: PolicyArn,
      attributes: { PolicyArn },
      async remove() {
        for (const RoleName of texts(p, 'Roles'))
          await making.invoke('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
        await making.invoke('iam', 'DeletePolicy', { PolicyArn });
      },
    };
  },
};

/** Roles and policies. */
export const iamTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::ManagedPolicy': managedPolicy,
};
