import type * as organizations from '@aws-sdk/client-organizations';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { type Call, operation } from '../../core/service.ts';
import { parsePolicy } from '../../iam/document.ts';
import { reaching } from './effective.ts';
import {
  inOrganization,
  type KeptPolicy,
  type Organization,
  organizationArn,
  organizationOf,
} from './state.ts';
import { parseTagPolicy } from './tag-policy.ts';

/** Makes a tag policy or a service control policy; policies of other types are refused. */
export const createPolicy = operation<organizations.CreatePolicyRequest, organizations.CreatePolicyResponse>({
  authorize: (_, call) => onPolicy({ PolicyId: 'p-*' }, call),
  run({ Name: name = '', Description: description = '', Content: content = '', Type: type, Tags }, call) {
    if (Tags) throw notImplemented('policies with tags in organizations');
    const organization = inOrganization(call, 'management');
    const { policies } = organization;
    if ([...policies.values()].some((policy) => policy.name === name)) {
      throw new AwsError('DuplicatePolicyException', 'A policy with the same name already exists.');
    }
    const rule = parsedRule(type, content);
    const id = `p-${call.world.random.hex(10)}`;
    const arn = organizationArn(organization, 'policy', `${rule.type.toLowerCase()}/${id}`);
    const policy: KeptPolicy = {
      ...{ id, arn, name, description, content, rule },
      targets: new Set(),
      changedAt: call.now,
    };
    policies.set(id, policy);
    return {
      Policy: {
        PolicySummary: {
          Id: id,
          Arn: arn,
          Name: name,
          Description: description,
          Type: rule.type,
          AwsManaged: false,
        },
        Content: content,
      },
    };
  },
});

export const attachPolicy = operation<organizations.AttachPolicyRequest, object>({
  authorize: onPolicy,
  run(input, call) {
    const { policy, target } = found(call, input);
    if (policy.targets.has(target)) {
      throw new AwsError(
        'DuplicatePolicyAttachmentException',
        'A policy with the same name already attached.',
      );
    }
    policy.targets.add(target);
    policy.changedAt = call.now;
    return {};
  },
});

export const detachPolicy = operation<organizations.DetachPolicyRequest, object>({
  authorize: onPolicy,
  run(input, call) {
    const { policy, target } = found(call, input);
    if (!policy.targets.delete(target)) {
      throw new AwsError('PolicyNotAttachedException', 'The policy is not attached to the target.');
    }
    policy.changedAt = call.now;
    return {};
  },
});

/** What tag policies mean for an account: its own, or, for the management account, any. */
export const describeEffectivePolicy = operation<
  organizations.DescribeEffectivePolicyRequest,
  organizations.DescribeEffectivePolicyResponse
>({
  authorize({ TargetId: account }, call) {
    const { id = 'o-*' } = organizationOf(call.world, call.account) ?? {};
    // Written as the caller's own: for a member, his own account's policies decide.
    const arn = `arn:${call.partition}:organizations::${call.account}:account/${id}/${account ?? call.account}`;
    return [{ action: 'organizations:DescribeEffectivePolicy', resources: [arn] }];
  },
  run({ PolicyType: type, TargetId }, call) {
    const account = TargetId ?? call.account;
    if (type !== 'TAG_POLICY') throw notImplemented(`the effective policy of type ${type} in organizations`);
    const organization = inOrganization(call, account === call.account ? 'member' : 'management');
    checkTarget(organization, account);
    const { rules, changedAt } = reaching(organization, account);
    if (!changedAt) {
      throw new AwsError(
        'EffectivePolicyNotFoundException',
        'There is no effective policy for this account.',
      );
    }
    return {
      EffectivePolicy: {
        PolicyContent: JSON.stringify({ tags: Object.fromEntries(rules) }),
        LastUpdatedTimestamp: changedAt,
        TargetId: account,
        PolicyType: 'TAG_POLICY',
      },
    };
  },
});

/** More characters than this, white space included, AWS does not take (quotas of AWS Organizations). */
const LONGEST_SCP = 5_120;

function parsedRule(type: string | undefined, content: string): KeptPolicy['rule'] {
  if (type === 'TAG_POLICY') return { type, parsed: parseTagPolicy(content) };
  if (type !== 'SERVICE_CONTROL_POLICY') throw notImplemented(`policies of type ${type} in organizations`);
  if (content.length > LONGEST_SCP) {
    throw new AwsError(
      'ConstraintViolationException',
      'You have exceeded the maximum size of a policy document.',
    );
  }
  try {
    return { type, document: parsePolicy(content, 'scp') };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('MalformedPolicyDocumentException', error.message);
  }
}

interface Attachment {
  readonly PolicyId?: string | undefined;
  readonly TargetId?: string | undefined;
}

function found(call: Call, { PolicyId = '', TargetId: target = '' }: Attachment) {
  const organization = inOrganization(call, 'management');
  const policy = organization.policies.get(PolicyId);
  if (!policy)
    throw new AwsError('PolicyNotFoundException', "We can't find a policy with the specified PolicyId.");
  checkTarget(organization, target);
  return { policy, target };
}

function checkTarget({ rootId, members }: Organization, target: string): void {
  if (target === rootId || members.has(target)) return;
  throw new AwsError(
    'TargetNotFoundException',
    "We can't find a root, OU, or account with the specified TargetId.",
  );
}

function onPolicy({ PolicyId = '' }: Attachment, call: Call) {
  const known = organizationOf(call.world, call.account)?.policies.get(PolicyId);
  const arn =
    known?.arn ?? `arn:${call.partition}:organizations::${call.account}:policy/o-*/tag_policy/${PolicyId}`;
  return [{ action: `organizations:${call.operation}`, resources: [arn] }];
}
