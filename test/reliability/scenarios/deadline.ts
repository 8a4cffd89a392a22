import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { type Account, strings } from '../stage/account.ts';
import type { Meddling, Scenario, Subject } from '../stage/scenario.ts';

const HOUR = 3_600_000;
const MARK = 'reeve:enforce-tags';

/** What follows for a machine when its deadline is over: the call that does it, and whether it is so by now. */
interface Penalty {
  readonly operation: string;
  isSuffered(account: Account, id: string): boolean;
  /** Whether what it needs is as it has to be. */
  isPossible(account: Account): boolean;
}

const stateOf = (account: Account) => ec2State.of(account.inside);
const instance = (account: Account, id: string) => stateOf(account).instances.newest.get(id);

function tagOf(account: Account, id: string, key: string): string | undefined {
  return instance(account, id)?.tags.find(({ Key }) => Key === key)?.Value;
}

/** The group that people made for quarantine. */
function quarantineGroup(account: Account) {
  const groups = [...stateOf(account).groups.newest.values()];
  return groups.find(({ tags }) => tags.some(({ Key }) => Key === 'reeve:quarantine'));
}

const cutOff: Penalty = {
  operation: 'ModifyNetworkInterfaceAttribute',
  isSuffered: (account, id) =>
    (instance(account, id)?.interfaceIds ?? []).every(
      (nic) => stateOf(account).interfaces.newest.get(nic)?.groupIds.join() === quarantineGroup(account)?.id,
    ),
  isPossible: (account) => quarantineGroup(account)?.rules.length === 0,
};

const stop: Penalty = {
  operation: 'StopInstances',
  isSuffered: (account, id) => ['stopping', 'stopped'].includes(instance(account, id)?.state ?? ''),
  isPossible: () => true,
};

/** By the mark that it carries; without one it has all the time in the world. */
function isOverdue(account: Account, id: string): boolean {
  const [, deadline] = tagOf(account, id, MARK)?.split('@') ?? [];
  return deadline !== undefined && account.now().getTime() >= Date.parse(deadline);
}

/** A machine of a month ago with these tags. Once a person tags it, only its mark may still go. */
function machine(
  account: Account,
  penalty: Penalty,
  due: Subject['due'],
  tags: Readonly<Record<string, string>> = {},
): Subject {
  const given = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const [id = ''] = seedInstances(account.inside, 1, { tags: given });
  const isTagged = () => tagOf(account, id, 'Owner') !== undefined;
  return {
    id,
    parts: instance(account, id)?.interfaceIds ?? [],
    due,
    allows: ({ operation }) => {
      if (isTagged()) return operation === 'DeleteTags';
      if (operation !== penalty.operation) return operation === 'CreateTags';
      return isOverdue(account, id) && penalty.isPossible(account);
    },
    isRemedied: () => (isTagged() ? tagOf(account, id, MARK) === undefined : penalty.isSuffered(account, id)),
  };
}

async function makeQuarantineGroup(account: Account): Promise<void> {
  const made = await account.as('ec2', 'CreateSecurityGroup', { GroupName: 'q', Description: 'cuts off' });
  const { GroupId = '' } = strings(made);
  const Tags = [{ Key: 'reeve:quarantine', Value: '' }];
  await account.as('ec2', 'CreateTags', { Resources: [GroupId], Tags });
  await account.as('ec2', 'RevokeSecurityGroupEgress', { GroupId, IpPermissions: EVERYWHERE });
}

const EVERYWHERE = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];

const tagging = async (account: Account, id: string, Key: string, Value: string) => {
  await account.as('ec2', 'CreateTags', { Resources: [id], Tags: [{ Key, Value }] });
};

const meddlings: readonly Meddling[] = [
  {
    name: 'gone',
    shownBy: /^Describe(Instances|Tags)$/,
    async meddle(account, [first]) {
      if (first === undefined) return;
      await account.as('ec2', 'TerminateInstances', { InstanceIds: [first.id] });
      first.due = 'leave';
    },
  },
  {
    name: 'changed',
    shownBy: /^Describe(Instances|Tags)$/,
    async meddle(account, [first]) {
      if (first === undefined) return;
      await tagging(account, first.id, 'reeve:exempt', 'T-1 until 2026-12-01');
      first.due = 'leave';
    },
  },
  {
    name: 'tagged',
    shownBy: /^Describe(Instances|Tags)$/,
    meddle: async (account, [first]) => first && tagging(account, first.id, 'Owner', 'carol'),
  },
];

/** The group that is to cut off lets something out from now on, so that it isolates nothing. */
const opened: Meddling = {
  name: 'opened',
  shownBy: /^DescribeSecurityGroups$/,
  async meddle(account) {
    const GroupId = quarantineGroup(account)?.id;
    await account.as('ec2', 'AuthorizeSecurityGroupEgress', { GroupId, IpPermissions: EVERYWHERE });
  },
};

const settings = (onDeadline: string) => `version: 1
policies:
  enforce-tags:
    mode: enforce
    types: [AWS::EC2::Instance]
    onDeadline: ${onDeadline}
    deadline: { days: 1 }
    caps: { count: 10, percent: 100 }
    tags: [{ key: Owner }]
`;

const deadline = {
  policy: 'enforce-tags',
  cap: 10,
  cadenceMs: HOUR,
  async play(runtime) {
    runtime.sweep('enforce-tags');
    await runtime.pass(25 * HOUR);
    runtime.sweep('enforce-tags');
    await runtime.pass(HOUR);
  },
} satisfies Partial<Scenario>;

/** Nobody tags a machine by its deadline: it is cut off, or told where it must not be. */
export const tagsQuarantine: Scenario = {
  ...deadline,
  name: 'enforce-tags: a deadline and the quarantine',
  settings: settings('quarantine'),
  meddlings: [...meddlings, opened],
  async set(account) {
    await makeQuarantineGroup(account);
    return [
      machine(account, cutOff, 'remedy'),
      machine(account, cutOff, 'leave', { Owner: 'ana' }),
      machine(account, cutOff, 'tell', { 'aws:autoscaling:groupName': 'web' }),
    ];
  },
};

/** The same, where it is stopped. */
export const tagsStop: Scenario = {
  ...deadline,
  name: 'enforce-tags: a deadline and the stop',
  settings: settings('stop'),
  meddlings,
  set: async (account) => [
    machine(account, stop, 'remedy'),
    machine(account, stop, 'leave', { Owner: 'ana' }),
    machine(account, stop, 'tell', { 'aws:autoscaling:groupName': 'web' }),
  ],
};
