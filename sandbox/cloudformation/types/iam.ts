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
  replacedBy: ['Path', 'RoleName'],
  updates: ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
  async create(p, making) {
    const RoleName = typeof p.RoleName === 'string' ? p.RoleName : making.uniqueName(64);
    const created = await making.invoke('iam', 'CreateRole', {
      ...pick(p, 'Path', 'Description', 'PermissionsBoundary'),
      RoleName,
      AssumeRolePolicyDocument: json(p.AssumeRolePolicyDocument),
      MaxSessionDuration: number(p, 'MaxSessionDuration'),
      // IAM keeps tags that begin with `aws:` to AWS; CloudFormation puts none on roles.
      Tags: making.tags.filter(({ Key }) => !Key.startsWith('aws:')),
    });
    // Boundary: CreateRole's own output.
    const { Arn, RoleId } = created.Role as { Arn: string; RoleId: string };
    const made = { ref: RoleName, attributes: { Arn, RoleId } };
    making.begun(made);
    await grant(making, RoleName, p);
    return made;
  },
  async update(p, making, { ref: RoleName, attributes = {}, properties }) {
    const PolicyDocument = json(p.AssumeRolePolicyDocument);
    await making.invoke('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
    await revoke(making, RoleName, properties, p);
    await grant(making, RoleName, p);
    return { ref: RoleName, attributes };
  },
  async remove({ ref: RoleName, properties }, making) {
    await revoke(making, RoleName, properties);
    await making.invoke('iam', 'DeleteRole', { RoleName });
  },
};

async function grant(making: Making, RoleName: string, p: Fields): Promise<void> {
  for (const policy of records(p, 'Policies')) await putPolicy(making, RoleName, policy);
  for (const PolicyArn of texts(p, 'ManagedPolicyArns')) {
    await making.invoke('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  }
}

/** Takes away what the role had and is not to have any more, as far as it is there. */
async function revoke(making: Making, RoleName: string, had: Fields, has: Fields = {}): Promise<void> {
  const stays = new Set(records(has, 'Policies').map(({ PolicyName }) => PolicyName));
  const names = (await making.invoke('iam', 'ListRolePolicies', { RoleName })).PolicyNames;
  for (const { PolicyName } of records(had, 'Policies')) {
    if (stays.has(PolicyName) || !(Array.isArray(names) && names.includes(PolicyName))) continue;
    await making.invoke('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
  }
  const listed = await making.invoke('iam', 'ListAttachedRolePolicies', { RoleName });
  const attached = records(listed, 'AttachedPolicies').map(({ PolicyArn }) => PolicyArn);
  for (const PolicyArn of texts(had, 'ManagedPolicyArns')) {
    if (texts(has, 'ManagedPolicyArns').includes(PolicyArn) || !attached.includes(PolicyArn)) continue;
    await making.invoke('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
  }
}

async function putPolicy(making: Making, RoleName: string, policy: Fields): Promise<void> {
  const PolicyDocument = json(policy.PolicyDocument);
  await making.invoke('iam', 'PutRolePolicy', {
    RoleName,
    PolicyName: text(policy, 'PolicyName'),
    PolicyDocument,
  });
}

const policy: ResourceType = {
  properties: ['PolicyName', 'PolicyDocument', 'Roles'],
  replacedBy: [],
  updates: ['PolicyDocument'],
  async create(p, making) {
    for (const RoleName of texts(p, 'Roles')) await putPolicy(making, RoleName, p);
    return { ref: text(p, 'PolicyName') };
  },
  async update(p, making, { ref }) {
    for (const RoleName of texts(p, 'Roles')) await putPolicy(making, RoleName, p);
    return { ref };
  },
  async remove({ ref: PolicyName, properties }, making) {
    for (const RoleName of texts(properties, 'Roles')) {
      await making.invoke('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
    }
  },
};

const managedPolicy: ResourceType = {
  properties: ['ManagedPolicyName', 'PolicyDocument', 'Roles', 'Description', 'Path'],
  replacedBy: ['ManagedPolicyName', 'Path', 'Description'],
  async create(p, making) {
    const PolicyName = typeof p.ManagedPolicyName === 'string' ? p.ManagedPolicyName : making.uniqueName(128);
    const input = { ...pick(p, 'Description', 'Path'), PolicyName, PolicyDocument: json(p.PolicyDocument) };
    const made = await making.invoke('iam', 'CreatePolicy', input);
    // Boundary: CreatePolicy's own output.
    const { Arn: PolicyArn } = made.Policy as { Arn: string };
    for (const RoleName of texts(p, 'Roles'))
      await making.invoke('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
    return { ref: PolicyArn, attributes: { PolicyArn } };
  },
  async remove({ ref: PolicyArn, properties }, making) {
    for (const RoleName of texts(properties, 'Roles'))
      await making.invoke('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
    await making.invoke('iam', 'DeletePolicy', { PolicyArn });
  },
};

/** Roles and policies. */
export const iamTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::ManagedPolicy': managedPolicy,
};
