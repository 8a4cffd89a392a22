import type { ResourceRef } from '../../shared/engine/signal.ts';
import type { ApiCall, CallTable } from '../../shared/events/api-call.ts';
import { Field } from '../../shared/events/fields.ts';
import type { Rule, Source } from './rule.ts';

/** What the record of an Authorize… call says that it added: never a reason to act while the group says otherwise. */
export interface AddedRules {
  readonly added: readonly Rule[];
}

/**
 * The CloudTrail calls that open a port, or put an open group to use. CreateSecurityGroup adds no ingress, and calls for
 * egress do not concern this policy; both are absent (B3.27, B3.28).
 */
export const calls: CallTable = onlyEc2({
  AuthorizeSecurityGroupIngress: authorized,
  ModifySecurityGroupRules: ({ request }) =>
    groups(body(request, 'ModifySecurityGroupRulesRequest').at('GroupId')),
  ModifyManagedPrefixList: ({ request }) =>
    refs('AWS::EC2::PrefixList', [body(request, 'ModifyManagedPrefixListRequest').at('PrefixListId')]),
  RestoreManagedPrefixListVersion: ({ request }) =>
    refs('AWS::EC2::PrefixList', [
      body(request, 'RestoreManagedPrefixListVersionRequest').at('PrefixListId'),
    ]),
  RunInstances: ({ request, response }) => [
    ...namedGroups(new Field(request, '')),
    ...refs(
      'AWS::EC2::Instance',
      items(new Field(response, '').at('instancesSet')).map((one) => one.at('instanceId')),
    ),
  ],
  ModifyInstanceAttribute: ({ request }) => namedGroups(new Field(request, '')),
  ModifyNetworkInterfaceAttribute: ({ request }) => namedGroups(new Field(request, '')),
  CreateNetworkInterface: ({ request }) => namedGroups(new Field(request, '')),
  CreateLaunchTemplate: ({ request }) => ofTemplate(body(request, 'CreateLaunchTemplateRequest')),
  CreateLaunchTemplateVersion: ({ request }) =>
    ofTemplate(body(request, 'CreateLaunchTemplateVersionRequest')),
  CreateTags: tagged,
  DeleteTags: tagged,
  CreateNetworkAclEntry: ({ request }) => ofAcl(request),
  ReplaceNetworkAclEntry: ({ request }) => ofAcl(request),
});

function onlyEc2(table: CallTable): CallTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, refsOf]) => [
      name,
      (call: ApiCall) => (call.eventSource === 'ec2.amazonaws.com' ? refsOf(call) : []),
    ]),
  );
}

/** The group, with the rules that the response lists. Old events list none, refused ones have no response (B3.34). */
function authorized({ request, response }: ApiCall): readonly ResourceRef[] {
  const asked = new Field(request, 'requestParameters');
  const answered = new Field(response, 'responseElements');
  const rules = items(answered.at('securityGroupRuleSet'));
  // A call may name the group; the answer then tells its id.
  const id =
    asked.at('groupId').optionalText() ??
    rules[0]?.at('groupId').optionalText() ??
    asked.at('groupName').text('a group id or name');
  const added = rules.flatMap(ruleFrom);
  return [{ type: 'AWS::EC2::SecurityGroup', id, hint: { added } satisfies AddedRules }];
}

function ruleFrom(item: Field): readonly Rule[] {
  const source = sourceFrom(item);
  const protocol = item.at('ipProtocol').optionalText();
  if (item.at('isEgress').value === true || source === undefined || protocol === undefined) return [];
  return [
    {
      id: item.at('securityGroupRuleId').optionalText(),
      protocol,
      fromPort: number(item.at('fromPort')),
      toPort: number(item.at('toPort')),
      source,
      description: item.at('description').optionalText(),
      tags: new Map(),
    },
  ];
}

function sourceFrom(item: Field): Source | undefined {
  const cidr = item.at('cidrIpv4').optionalText() ?? item.at('cidrIpv6').optionalText();
  if (cidr !== undefined) return { kind: 'cidr', cidr };
  const list = item.at('prefixListId').optionalText();
  if (list !== undefined) return { kind: 'prefix-list', id: list };
  const group = item.at('referencedGroupInfo', 'groupId').optionalText();
  return group === undefined ? undefined : { kind: 'security-group', id: group };
}

function number(field: Field): number | undefined {
  return typeof field.value === 'number' ? field.value : undefined;
}

/** Security groups in any of the places where launching and attaching calls name them. */
function namedGroups(request: Field): readonly ResourceRef[] {
  const holders = [request, ...items(request.at('networkInterfaceSet'))];
  const sets = holders.flatMap((holder) => items(holder.at('groupSet')));
  return groups(...sets.map((one) => one.at('groupId')));
}

/** A template holds no rule: the groups that it names are looked at instead (B3.49). */
function ofTemplate(request: Field): readonly ResourceRef[] {
  const asked = request.at('LaunchTemplateData');
  const holders = [asked, ...several(asked.at('NetworkInterface'))];
  return groups(
    ...holders.flatMap((holder) => several(holder.at('SecurityGroupId'))).map((id) => content(id)),
  );
}

/** Tags set and end exemptions. */
function tagged({ request }: ApiCall): readonly ResourceRef[] {
  const ids = items(new Field(request, '').at('resourcesSet')).map((one) => one.at('resourceId'));
  return groups(...ids.filter((id) => id.optionalText()?.startsWith('sg-')));
}

function ofAcl(request: unknown): readonly ResourceRef[] {
  const asked = new Field(request, 'requestParameters');
  if (asked.at('egress').value === true || asked.at('ruleAction').value === 'deny') return [];
  return refs('AWS::EC2::NetworkAcl', [asked.at('networkAclId')]);
}

function groups(...ids: readonly Field[]): readonly ResourceRef[] {
  return refs('AWS::EC2::SecurityGroup', ids);
}

function refs(type: string, ids: readonly Field[]): readonly ResourceRef[] {
  return [...new Set(ids.flatMap((id) => id.optionalText() ?? []))].map((id) => ({ type, id }));
}

/** Newer EC2 calls are recorded in Pascal case below `<Operation>Request` (B3.26). */
function body(request: unknown, wrapper: string): Field {
  return new Field(request, 'requestParameters').at(wrapper);
}

/** CloudTrail writes a list as `{items: […]}` and an empty one as `{}`. */
function items(set: Field): readonly Field[] {
  return set.at('items').entries();
}

/** A list that may come as one single member (B3.26). */
function several(field: Field): readonly Field[] {
  return Array.isArray(field.value) ? field.entries() : [field];
}

/** Scalars of Pascal-case lists are wrapped: `{content: 'sg-…', tag: 1}`. */
function content(field: Field): Field {
  return field.isObject() ? field.at('content') : field;
}
