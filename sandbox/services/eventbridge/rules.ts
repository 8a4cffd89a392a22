import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  DisableRuleRequest,
  EnableRuleRequest,
  ListRulesRequest,
  ListRulesResponse,
  PutRuleRequest,
  PutRuleResponse,
  TestEventPatternRequest,
  TestEventPatternResponse,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Operation, operation } from '../../core/service.ts';
import { findBus, findRule, type Rule } from '../../events/bus.ts';
import { compilePattern } from '../../events/pattern.ts';
import { refuseOthers, unsupported } from '../../events/unsupported.ts';
import { onRule, ruleArn } from './demands.ts';
import { armSchedule, scheduleOf } from './scheduled-rules.ts';

const RULES_PER_BUS = 300;

export const putRule: Operation = operation<PutRuleRequest, PutRuleResponse>({
  authorize: (input, call) => onRule('events:PutRule', call, input.Name, input.EventBusName),
  run(input, call) {
    refuseOthers('PutRule', input, [
      'Name',
      'EventBusName',
      'EventPattern',
      'ScheduleExpression',
      'State',
      'Description',
      'Tags',
    ]);
    const { Name: name = '', EventPattern: pattern, ScheduleExpression: schedule, State = 'ENABLED' } = input;
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name))
      throw new AwsError('ValidationException', `Rule name ${name} is not valid.`);
    if (State !== 'ENABLED' && State !== 'DISABLED') throw unsupported(`rules in state ${State}`);
    if (!pattern && !schedule) {
      throw new AwsError(
        'ValidationException',
        'Parameter(s) EventPattern or ScheduleExpression must be specified.',
      );
    }
    const bus = findBus(call.world, call, input.EventBusName);
    const old = bus.rules.get(name);
    if (!old && bus.rules.size >= RULES_PER_BUS) {
      throw new AwsError(
        'LimitExceededException',
        'The requested resource exceeds the maximum number allowed.',
      );
    }
    const next = schedule && scheduleOf(schedule, call, bus.name);
    const arn = ruleArn(call, name, bus.name);
    const rule: Rule = {
      name,
      arn,
      bus: bus.name,
      ...(pattern && { pattern, matches: compilePattern(pattern) }),
      ...(schedule && { schedule }),
      ...(input.Description !== undefined && { description: input.Description }),
      enabled: State !== 'DISABLED',
      targets: old?.targets ?? new Map(),
      tags: old?.tags ?? new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
      cancel: () => {},
    };
    old?.cancel();
    bus.rules.set(name, rule);
    if (next) armSchedule(call, rule, next);
    return { RuleArn: arn };
  },
});

export const describeRule: Operation = operation<DescribeRuleRequest, DescribeRuleResponse>({
  authorize: (input, call) => onRule('events:DescribeRule', call, input.Name, input.EventBusName),
  run: (input, call) => ({
    ...describe(findRule(call.world, call, input.Name, input.EventBusName)),
    CreatedBy: call.account,
  }),
});

export const listRules: Operation = operation<ListRulesRequest, ListRulesResponse>({
  run(input, call) {
    refuseOthers('ListRules', input, ['NamePrefix', 'EventBusName', 'NextToken', 'Limit']);
    const { NamePrefix = '', NextToken = '', Limit = 100 } = input;
    const { rules } = findBus(call.world, call, input.EventBusName);
    const names = [...rules.keys()].sort().filter((name) => name.startsWith(NamePrefix) && name > NextToken);
    const page = names.slice(0, Limit);
    const last = page.at(-1);
    return {
      Rules: page.flatMap((name) => rules.get(name) ?? []).map(describe),
      ...(last && names.length > page.length && { NextToken: last }),
    };
  },
});

export const deleteRule: Operation = operation<DeleteRuleRequest, object>({
  authorize: (input, call) => onRule('events:DeleteRule', call, input.Name, input.EventBusName),
  run({ Name = '', EventBusName }, call) {
    const { rules } = findBus(call.world, call, EventBusName);
    const rule = rules.get(Name);
    if (rule && rule.targets.size > 0) {
      throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
    }
    rule?.cancel();
    rules.delete(Name);
    return {};
  },
});

export const enableRule: Operation = operation<EnableRuleRequest, object>({
  authorize: (input, call) => onRule('events:EnableRule', call, input.Name, input.EventBusName),
  run: (input, call) => turn(call, input, true),
});

export const disableRule: Operation = operation<DisableRuleRequest, object>({
  authorize: (input, call) => onRule('events:DisableRule', call, input.Name, input.EventBusName),
  run: (input, call) => turn(call, input, false),
});

export const testEventPattern: Operation = operation<TestEventPatternRequest, TestEventPatternResponse>({
  writes: false,
  run({ EventPattern = '', Event = '' }) {
    const matches = compilePattern(EventPattern);
    return { Result: matches(completeEvent(Event)) };
  },
});

/** TestEventPattern takes whole events only. */
function completeEvent(text: string): unknown {
  const wanted = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];
  const refuse = (why: string) =>
    new AwsError('ValidationException', `Parameter Event is not valid. Reason: ${why}`);
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw refuse('not JSON');
  }
  if (typeof event !== 'object' || event === null) throw refuse('not an object');
  const missing = wanted.filter((name) => !Object.hasOwn(event, name));
  if (missing.length > 0) throw refuse(`missing ${missing.join(', ')}`);
  return event;
}

function turn(call: Call, input: EnableRuleRequest, enabled: boolean): object {
  findRule(call.world, call, input.Name, input.EventBusName).enabled = enabled;
  return {};
}

function describe({ name, arn, bus, pattern, schedule, description, enabled }: Rule) {
  return {
    Name: name,
    Arn: arn,
    EventBusName: bus,
    State: enabled ? ('ENABLED' as const) : ('DISABLED' as const),
    ...(pattern !== undefined && { EventPattern: pattern }),
    ...(schedule !== undefined && { ScheduleExpression: schedule }),
    ...(description !== undefined && { Description: description }),
  };
}
