import type { CreateStackInput, UpdateStackInput } from '@aws-sdk/client-cloudformation';
import { readTemplateUrl } from '../../cloudformation/objects.ts';
import { planOf } from '../../cloudformation/plan.ts';
import type { Plan, StackRecord } from '../../cloudformation/stack.ts';
import type { Template } from '../../cloudformation/template.ts';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import type { Call } from '../../core/service.ts';
import { validation } from './on-stack.ts';

type Given = Pick<CreateStackInput, 'TemplateBody' | 'TemplateURL'>;

/** The template of a request: its text, or the object of S3 that a URL names. */
export async function templateText({ TemplateBody, TemplateURL }: Given, call: Call): Promise<string> {
  if ((TemplateBody === undefined) === (TemplateURL === undefined))
    throw validation('Either Template URL or Template Body must be specified.');
  const text = TemplateBody ?? (await readTemplateUrl(call.world, call.principal, call, TemplateURL ?? ''));
  if (Buffer.byteLength(text) > (TemplateURL === undefined ? 51_200 : 1_048_576)) {
    throw validation('Template may not exceed its size limit: 51200 bytes in a body, 1048576 bytes in S3.');
  }
  if (!text.trimStart().startsWith('{')) throw notImplemented('templates other than JSON');
  return text;
}

/** The plan of a request; `before` is the stack that it changes. */
export async function readPlan(
  input: CreateStackInput | UpdateStackInput,
  call: Call,
  before?: StackRecord,
): Promise<Plan> {
  refuseOthers(input);
  const keep = 'UsePreviousTemplate' in input && input.UsePreviousTemplate;
  const body = keep && before ? before.plan.body : await templateText(input, call);
  const { Capabilities = [], ClientRequestToken } = input;
  const plan = planOf(body, parametersOf(input, before), Capabilities, ClientRequestToken);
  checkCapabilities(plan);
  return plan;
}

/** Members of both requests that have to be empty, because nothing would come of them. */
function refuseOthers(input: CreateStackInput | UpdateStackInput): void {
  const { NotificationARNs = [], ResourceTypes = [], RollbackConfiguration, ...rest } = input;
  if (NotificationARNs.length > 0) throw notImplemented('NotificationARNs of cloudformation');
  if (ResourceTypes.length > 0) throw notImplemented('ResourceTypes of cloudformation');
  if (RollbackConfiguration?.RollbackTriggers?.length)
    throw notImplemented('RollbackTriggers of cloudformation');
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && !KNOWN.includes(name)) throw notImplemented(`${name} of cloudformation`);
  }
}

const KNOWN = [
  'Capabilities',
  'ClientRequestToken',
  'DisableRollback',
  'EnableTerminationProtection',
  'OnFailure',
  'Parameters',
  'StackName',
  'Tags',
  'TemplateBody',
  'TemplateURL',
  'UsePreviousTemplate',
];

function parametersOf(
  { Parameters = [] }: CreateStackInput | UpdateStackInput,
  before?: StackRecord,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Parameters.map(({ ParameterKey: key = '', ParameterValue: value, UsePreviousValue }) => {
      const previous = before?.plan.given[key];
      if (UsePreviousValue && previous === undefined)
        throw validation(`Invalid input for parameter key ${key}. No previous value exists.`);
      return [key, (UsePreviousValue ? previous : value) ?? ''];
    }),
  );
}

/** The names of IAM's entities that a template may choose itself. */
const NAMES = ['RoleName', 'PolicyName', 'ManagedPolicyName', 'UserName', 'GroupName', 'InstanceProfileName'];

/** What the caller has to acknowledge: that the stack makes IAM entities, and that it names them itself. */
export function capabilitiesFor({ Resources }: Template): readonly string[] {
  const made = Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'));
  const named = made.some(
    ({ Type, Properties = {} }) =>
      Type !== 'AWS::IAM::Policy' && NAMES.some((name) => Properties[name] !== undefined),
  );
  if (named) return ['CAPABILITY_NAMED_IAM'];
  return made.length > 0 ? ['CAPABILITY_IAM'] : [];
}

function checkCapabilities({ template, capabilities }: Plan): void {
  const [needed] = capabilitiesFor(template);
  const enough = needed === 'CAPABILITY_IAM' ? ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] : [needed];
  if (needed === undefined || enough.some((each) => each && capabilities.includes(each))) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}
