import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { alarmArn, alarms, type CompositeAlarm, invalid, onAlarms } from './alarm.ts';
import { noteHistory } from './alarm-history.ts';
import { checkActions } from './alarm-input.ts';
import { parseAlarmRule } from './alarm-rule.ts';
import { evaluateComposite, nameIn } from './alarm-state.ts';

const SUPPORTED = [
  ...['AlarmName', 'AlarmRule', 'AlarmDescription', 'ActionsEnabled', 'Tags'],
  ...['AlarmActions', 'OKActions', 'InsufficientDataActions'],
];

/** Makes an alarm of alarms, which all have to be there. Suppressors are refused by name. */
export const putCompositeAlarm = operation<cloudwatch.PutCompositeAlarmInput, object>({
  authorize: ({ AlarmName = '' }, call) => onAlarms(call, [AlarmName]),
  async run(input, call) {
    onlySupported(call, input, SUPPORTED);
    checkActions(input, 'PutCompositeAlarm');
    const { AlarmName: name = '', AlarmRule = '' } = input;
    const rule = parseAlarmRule(AlarmRule);
    const inPlace = alarms.of(call);
    const absent = rule.named.filter((named) => !inPlace.has(nameIn(named)));
    if (absent.length > 0) {
      throw invalid(
        `Could not save the composite alarm as alarms [${absent.join(', ')}] in the alarm rule do not exist`,
      );
    }
    if (rule.named.some((named) => nameIn(named) === name))
      throw invalid('An alarm rule cannot name its own alarm.');
    const known = inPlace.get(name);
    if (known && known.kind !== 'CompositeAlarm') throw invalid(`${name} is the name of a metric alarm.`);
    const alarm: CompositeAlarm = {
      kind: 'CompositeAlarm',
      ...{ partition: call.partition, account: call.account, region: call.region },
      ...{ name, arn: alarmArn(call, name), rule, input, configuredAt: call.now },
      status: known?.status ?? {
        value: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        at: call.now,
      },
      cancel: () => {},
    };
    inPlace.set(name, alarm);
    noteHistory(
      call.world,
      alarm,
      'ConfigurationUpdate',
      `Alarm "${name}" ${known ? 'updated' : 'created'}`,
      {
        type: known ? 'Update' : 'Create',
      },
    );
    await evaluateComposite(call.world, alarm);
    return {};
  },
});
