import { json, pick, type ResourceType, records, text } from '../resource-type.ts';

const rule: ResourceType = {
  properties: [
    'Name',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'Description',
    'Targets',
    'Tags',
  ],
  async create(p, making) {
    const Name = typeof p.Name === 'string' ? p.Name : making.uniqueName(64);
    const bus = pick(p, 'EventBusName');
    const made = await making.invoke('eventbridge', 'PutRule', {
      ...pick(p, 'EventBusName', 'ScheduleExpression', 'State', 'Description'),
      Name,
      ...(p.EventPattern !== undefined && { EventPattern: json(p.EventPattern) }),
      Tags: making.tags,
    });
    const Targets = records(p, 'Targets');
    if (Targets.length > 0) await making.invoke('eventbridge', 'PutTargets', { ...bus, Rule: Name, Targets });
    return {
      ref: p.EventBusName === undefined ? Name : `${String(p.EventBusName)}|${Name}`,
      attributes: { Arn: String(made.RuleArn) },
      async remove() {
        const Ids = Targets.map(({ Id }) => Id);
        if (Ids.length > 0) await making.invoke('eventbridge', 'RemoveTargets', { ...bus, Rule: Name, Ids });
        await making.invoke('eventbridge', 'DeleteRule', { ...bus, Name });
      },
    };
  },
};

const eventBus: ResourceType = {
  properties: ['Name', 'Description', 'Tags'],
  async create(p, making) {
    const Name = text(p, 'Name');
    const made = await making.invoke('eventbridge', 'CreateEventBus', {
      ...pick(p, 'Description'),
      Name,
      Tags: making.tags,
    });
    return {
      ref: Name,
      attributes: { Arn: String(made.EventBusArn), Name },
      remove: () => making.invoke('eventbridge', 'DeleteEventBus', { Name }),
    };
  },
};

const schedule: ResourceType = {
  properties: [
    'Description',
    'EndDate',
    'FlexibleTimeWindow',
    'GroupName',
    'Name',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'StartDate',
    'State',
    'Target',
  ],
  async create(p, making) {
    const Name = typeof p.Name === 'string' ? p.Name : making.uniqueName(64);
    const dates = Object.fromEntries(
      ['StartDate', 'EndDate'].flatMap((name) =>
        p[name] === undefined ? [] : [[name, new Date(text(p, name))]],
      ),
    );
    const made = await making.invoke('scheduler', 'CreateSchedule', { ...p, Name, ...dates });
    return {
      ref: Name,
      attributes: { Arn: String(made.ScheduleArn) },
      remove: () => making.invoke('scheduler', 'DeleteSchedule', { ...pick(p, 'GroupName'), Name }),
    };
  },
};

const scheduleGroup: ResourceType = {
  properties: ['Name', 'Tags'],
  async create(p, making) {
    const Name = typeof p.Name === 'string' ? p.Name : making.uniqueName(64);
    const made = await making.invoke('scheduler', 'CreateScheduleGroup', { Name, Tags: making.tags });
    return {
      ref: Name,
      attributes: { Arn: String(made.ScheduleGroupArn) },
      remove: () => making.invoke('scheduler', 'DeleteScheduleGroup', { Name }),
    };
  },
};

/** Rules, buses and schedules. */
export const eventTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Events::Rule': rule,
  'AWS::Events::EventBus': eventBus,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
};
