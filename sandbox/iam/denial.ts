import { AwsError } from '../core/errors.ts';
import type { Call } from '../core/service.ts';
import type { PolicyKind } from './document.ts';
import type { Judgement } from './evaluate.ts';

const CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  ec2: ['UnauthorizedOperation', 403],
  sns: ['AuthorizationError', 403],
  sqs: ['AccessDenied', 403],
  iam: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
  s3: ['AccessDenied', 403],
  's3-control': ['AccessDenied', 403],
  cloudwatch: ['AccessDenied', 403],
  lambda: ['AccessDeniedException', 403],
  scheduler: ['AccessDeniedException', 403],
};

/** The names of policies in AWS's messages (IAM User Guide, "Troubleshoot access denied error messages"). */
const NAMES: Readonly<Record<PolicyKind, readonly [implicit: string, explicit: string]>> = {
  identity: ['identity-based policy', 'an identity-based policy'],
  resource: ['resource-based policy', 'a resource-based policy'],
  trust: ['role trust policy', 'the role trust policy'],
  scp: ['service control policy', 'a service control policy'],
  session: ['session policy', 'a session policy'],
  boundary: ['permissions boundary', 'a permissions boundary'],
};

/** The refusal in the words of AWS and under the code that the called service uses. */
export function denial(
  call: Call,
  action: string,
  resource: string,
  { decision, by }: Pick<Judgement, 'decision' | 'by'> = {
    decision: 'implicit-deny',
    by: { kind: 'identity' },
  },
): AwsError {
  const [code, status] = CODES[call.service] ?? ['AccessDeniedException', 400];
  const named = spelled(call.service, action);
  const [implicit, explicit] = NAMES[by.kind];
  const why =
    decision === 'explicit-deny'
      ? `with an explicit deny in ${explicit}`
      : `because no ${implicit} allows the ${named} action`;
  const where = resource === '*' ? '' : ` on resource: ${resource}`;
  const text = `User: ${call.principal.arn} is not authorized to perform: ${named}${where} ${why}`;
  return new AwsError(code, call.service === 'ec2' ? ec2Text(call, text) : text, status);
}

/** EC2 adds a blob that only sts:DecodeAuthorizationMessage can read, except to calls that merely describe. */
function ec2Text(call: Call, text: string): string {
  const encoded = `Encoded authorization failure message: ${call.world.random.hex(128)}`;
  const described = call.operation.startsWith('Describe');
  return `You are not authorized to perform this operation. ${text}${described ? '' : `. ${encoded}`}`;
}

/** SQS writes its actions in small letters, SNS its prefix in capitals. */
function spelled(service: string, action: string): string {
  if (service === 'sqs') return action.toLowerCase();
  return service === 'sns' ? action.replace(/^sns:/, 'SNS:') : action;
}
