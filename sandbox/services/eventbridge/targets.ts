import type {
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  Target,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../core/errors.ts';
import { type Operation, operation } from '../../core/service.ts';
import { findRule, type StoredTarget } from '../../events/bus.ts';
import { TARGET_SERVICES } from '../../events/send.ts';
import { refuseOthers, unsupported } from '../../events/unsupported.ts';
import { onRule } from './demands.ts';

const TARGETS_PER_RULE = 5;
const KNOWN = ['Id', 'Arn', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy', 'DeadLetterConfig'];

export const putTargets: Operation = operation<PutTargetsRequest, PutTargetsResponse>({
  authorize: (input, call) => onRule('events:PutTargets', call, input.Rule, input.EventBusName),
  run({ Rule, EventBusName, Targets = [] }, call) {
    const { targets } = findRule(call.world, call, Rule, EventBusName);
    const asked = Targets.map(checked);
    const after = new Set([...targets.keys(), ...asked.map(({ Id }) => Id)]);
    if (after.size > TARGETS_PER_RULE) {
      throw new AwsError(
        'LimitExceededException',
        'The requested resource exceeds the maximum number allowed.',
      );
    }
    for (const target of asked) targets.set(target.Id, target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

export const listTargetsByRule: Operation = operation<ListTargetsByRuleRequest, ListTargetsByRuleResponse>({
  authorize: (input, call) => onRule('events:ListTargetsByRule', call, input.Rule, input.EventBusName),
  run({ Rule, EventBusName }, call) {
    return { Targets: [...findRule(call.world, call, Rule, EventBusName).targets.values()] };
  },
});

export const removeTargets: Operation = operation<RemoveTargetsRequest, RemoveTargetsResponse>({
  authorize: (input, call) => onRule('events:RemoveTargets', call, input.Rule, input.EventBusName),
  run({ Rule, EventBusName, Ids = [] }, call) {
    const { targets } = findRule(call.world, call, Rule, EventBusName);
    const unknown = Ids.filter((id) => !targets.delete(id));
    const failed = unknown.map((id) => ({
      TargetId: id,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Target ${id} does not exist.`,
    }));
    return { FailedEntryCount: failed.length, FailedEntries: failed };
  },
});

function checked(target: Target): StoredTarget {
  const { Id = '', Arn = '', RetryPolicy = {} } = target;
  refuseOthers('PutTargets: Targets', target, KNOWN);
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(Id)) throw invalid(`Target id ${Id} is not valid.`);
  const service = Arn.split(':')[2] ?? '';
  if (!/^arn:[\w-]+:\w+:/.test(Arn))
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  if (!TARGET_SERVICES.includes(service)) throw unsupported(`${service} as a target`);
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter(
    (each) => each !== undefined,
  );
  if (inputs.length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  if (target.Input !== undefined) json(target.Input, Id);
  const { MaximumEventAgeInSeconds: age = 60, MaximumRetryAttempts: retries = 0 } = RetryPolicy;
  if (age < 60 || age > 86_400)
    throw invalid(`Value '${age}' at 'maximumEventAgeInSeconds' failed to satisfy constraint`);
  if (retries < 0 || retries > 185)
    throw invalid(`Value '${retries}' at 'maximumRetryAttempts' failed to satisfy constraint`);
  return { ...target, Id, Arn };
}

function json(text: string, id: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalid(`JSON syntax error in input for target ${id}.`);
  }
}

const invalid = (message: string) => new AwsError('ValidationException', message);
