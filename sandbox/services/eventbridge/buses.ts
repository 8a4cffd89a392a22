import type {
  CreateEventBusRequest,
  CreateEventBusResponse,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  ListEventBusesRequest,
  ListEventBusesResponse,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../core/errors.ts';
import { type Operation, operation } from '../../core/service.ts';
import { type Bus, busesOf, findBus } from '../../events/bus.ts';
import { refuseOthers } from '../../events/unsupported.ts';
import { busArn, onBus } from './demands.ts';

export const createEventBus: Operation = operation<CreateEventBusRequest, CreateEventBusResponse>({
  authorize: (input, call) => onBus('events:CreateEventBus', call, input.Name),
  run(input, call) {
    refuseOthers('CreateEventBus', input, ['Name', 'Description', 'Tags']);
    const { Name: name = '', Description: description, Tags = [] } = input;
    if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(name) || name === 'default') {
      throw new AwsError('ValidationException', `Event bus name ${name} is not valid.`);
    }
    const all = busesOf(call.world, call);
    if (all.has(name))
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    all.set(name, {
      name,
      arn: busArn(call, name),
      createdAt: call.now,
      tags: new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      rules: new Map(),
      ...(description !== undefined && { description }),
    });
    return {
      EventBusArn: busArn(call, name),
      ...(description !== undefined && { Description: description }),
    };
  },
});

export const describeEventBus: Operation = operation<DescribeEventBusRequest, DescribeEventBusResponse>({
  authorize: (input, call) => onBus('events:DescribeEventBus', call, input.Name),
  run: (input, call) => describe(findBus(call.world, call, input.Name)),
});

export const listEventBuses: Operation = operation<ListEventBusesRequest, ListEventBusesResponse>({
  run(input, call) {
    refuseOthers('ListEventBuses', input, ['NamePrefix', 'Limit']);
    const found = [...busesOf(call.world, call).values()].filter(({ name }) =>
      name.startsWith(input.NamePrefix ?? ''),
    );
    return { EventBuses: found.map(describe) };
  },
});

export const deleteEventBus: Operation = operation<DeleteEventBusRequest, object>({
  authorize: (input, call) => onBus('events:DeleteEventBus', call, input.Name),
  run({ Name = '' }, call) {
    if (Name === 'default') throw new AwsError('ValidationException', 'Cannot delete event bus default.');
    const bus = busesOf(call.world, call).get(Name);
    if (bus && bus.rules.size > 0) {
      throw new AwsError('ValidationException', `Cannot delete bus ${Name} since it has rules.`);
    }
    busesOf(call.world, call).delete(Name);
    return {};
  },
});

const describe = ({ name, arn, description, createdAt }: Bus) => ({
  Name: name,
  Arn: arn,
  CreationTime: createdAt,
  ...(description !== undefined && { Description: description }),
});
