import { json, type Made, type Making, pick, type ResourceType, records, text } from '../resource-type.ts';
import type { Fields } from '../template.ts';

async function putRule(p: Fields, making: Making, Name: string, more: Fields = {}): Promise<Made> {
  const made = await making.invoke('eventbridge', 'PutRule', {
    ...pick(p, 'EventBusName', 'ScheduleExpression', 'State', 'Description'),
    Name,
    ...(p.EventPattern !== undefined && { EventPattern: json(p.EventPattern) }),
    ...more,
  });
  return {
    ref: p.EventBusName === undefined ? Name : `${String(p.EventBusName)}|${Name}`,
    attributes: { Arn: String(made.RuleArn) },
  };
}

async function putTargets(p: Fields, making: Making, Rule: string): Promise<void> {
  const Targets = records(p, 'Targets');
  if (Targets.length === 0) return;
  await making.invoke('eventbridge', 'PutTargets', { ...pick(p, 'EventBusName'), Rule, Targets });
}

async function removeTargets(
  p: Fields,
  making: Making,
  Rule: string,
  Ids: readonly unknown[],
): Promise<void> {
  if (Ids.length === 0) return;
  await making.invoke('eventbridge', 'RemoveTargets', { ...pick(p, 'EventBusName'), Rule, Ids });
}

const idsOf = (p: Fields) => records(p, 'Targets').map(({ Id }) => Id);
const ruleName = (ref: string) => ref.slice(ref.indexOf('|') + 1);

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
  replacedBy: ['Name', 'EventBusName'],
  updates: ['EventPattern', 'ScheduleExpression', 'State', 'Description', 'Targets'],
  async create(p, making) {
    const Name = typeof p.Name === 'string' ? p.Name : making.uniqueName(64);
    const made = await putRule(p, making, Name, { Tags: making.tags });
    making.begun(made);
    await putTargets(p, making, Name);
    return made;
  },
  async update(p, making, { ref, properties }) {
    const made = await putRule(p, making, ruleName(ref));
    const wanted = new Set(idsOf(p));
    const gone = idsOf(properties).filter((id) => !wanted.has(id));
    await removeTargets(p, making, ruleName(ref), gone);
    await putTargets(p, making, ruleName(ref));
    return made;
  },
  async remove({ ref, properties: p }, making) {
    await removeTargets(p, making, ruleName(ref), idsOf(p));
    await making.invoke('eventbridge', 'DeleteRule', { ...pick(p, 'EventBusName'), Name: ruleName(ref) });
  },
};

const eventBus: ResourceType = {
  properties: ['Name', 'Description', 'Tags'],
  replacedBy: ['Name'],
  async create(p, making) {
    const Name = text(p, 'Name');
    const made = await making.invoke('eventbridge', 'CreateEventBus', {
      ...pick(p, 'Description'),
      Name,
      Tags: making.tags,
    });
    return { ref: Name, attributes: { Arn: String(made.EventBusArn), Name } };
  },
  remove: ({ ref: Name }, making) => making.invoke('eventbridge', 'DeleteEventBus', { Name }),
};

/** The settings of a schedule as Scheduler takes them, all at once: dates as dates. */
function scheduleOf(p: Fields, Name: string): Fields {
  const dates = Object.fromEntries(
    ['StartDate', 'EndDate'].flatMap((name) =>
      p[name] === undefined ? [] : [[name, new Date(text(p, name))]],
    ),
  );
  return { ...p, Name, ...dates };
}

const SCHEDULE = [
  'Description',
  'EndDate',
  'FlexibleTimeWindow',
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'StartDate',
  'State',
  'Target',
];

const schedule: ResourceType = {
  properties: [...SCHEDULE, 'GroupName', 'Name'],
  replacedBy: ['Name'],
  updates: SCHEDULE,
  async create(p, making) {
    const Name = typeof p.Name === 'string' ? p.Name : making.uniqueName(64);
    const made = await making.invoke('scheduler', 'CreateSchedule', scheduleOf(p, Name));
    return { ref: Name, attributes: { Arn: String(made.ScheduleArn) } };
  },
  async update(p, making, { ref }) {
    const made = await making.invoke('scheduler', 'UpdateSchedule', scheduleOf(p, ref));
    return { ref, attributes: { Arn: String(made.ScheduleArn) } };
  },
  remove: ({ ref: Name, properties }, making) =>
    making.invoke('scheduler', 'DeleteSchedule', { ...pick(properties, 'GroupName'), Name }),
};

const scheduleGroup: ResourceType = {
  properties: ['Name', 'Tags'],
  replacedBy: ['Name'],
  async create(p, making) {
    const Name = typeof p.Name === 'string' ? p.Name : making.uniqueName(64);
    const made = await making.invoke('scheduler', 'CreateScheduleGroup', { Name, Tags: making.tags });
    return { ref: Name, attributes: { Arn: String(made.ScheduleGroupArn) } };
  },
  remove: ({ ref: Name }, making) => making.invoke('scheduler', 'DeleteScheduleGroup', { Name }),
};

/** Rules, buses and schedules. */
export const eventTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Events::Rule': rule,
  'AWS::Events::EventBus': eventBus,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
};
