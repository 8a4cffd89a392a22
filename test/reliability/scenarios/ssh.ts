import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { permission } from '../../functions/revoke-open-ssh/office.ts';
import type { Account } from '../stage/account.ts';
import { strings } from '../stage/account.ts';
import type { Meddling, Scenario, Subject } from '../stage/scenario.ts';

const HOUR = 3_600_000;

/** A group with these rules; `closing` is what is due to go, as the beginning of `permission`'s text. */
export async function group(
  account: Account,
  name: string,
  rules: readonly string[],
  due: Subject['due'],
  tags: Readonly<Record<string, string>> = {},
): Promise<Subject> {
  const created = await account.as('ec2', 'CreateSecurityGroup', { GroupName: name, Description: name });
  const { GroupId: id = '' } = strings(created);
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (Tags.length > 0) await account.as('ec2', 'CreateTags', { Resources: [id], Tags });
  await open(account, id, rules);
  return {
    id,
    due,
    allows: ({ operation, input }) =>
      operation === 'RevokeSecurityGroupIngress' && harmless(account, id, input).length === 0,
    isRemedied: () => rulesOf(account, id).every((rule) => !isOpenSsh(rule)),
  };
}

export function open(account: Account, id: string, rules: readonly string[]): Promise<unknown> {
  const IpPermissions = rules.map(permission);
  return account.as('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: id, IpPermissions });
}

export function rulesOf(account: Account, id: string) {
  return (ec2State.of(account.inside).groups.newest.get(id)?.rules ?? []).filter(({ egress }) => !egress);
}

/** Written from the rule's own words: TCP 22 from everywhere. */
function isOpenSsh({ protocol, fromPort, toPort, peer }: ReturnType<typeof rulesOf>[number]): boolean {
  const world =
    (peer.kind === 'ipv4' && peer.cidr === '0.0.0.0/0') || (peer.kind === 'ipv6' && peer.cidr === '::/0');
  return world && protocol === 'tcp' && fromPort === 22 && toPort === 22;
}

/** The rules that a call would revoke and must not. */
function harmless(account: Account, id: string, input: unknown): readonly string[] {
  const text = JSON.stringify(input);
  return rulesOf(account, id)
    .filter((rule) => text.includes(rule.id) && !isOpenSsh(rule))
    .map((rule) => rule.id);
}

export const meddlings: readonly Meddling[] = [
  {
    name: 'gone',
    shownBy: /^DescribeSecurityGroup/,
    async meddle(account, [first]) {
      if (first === undefined) return;
      await account.as('ec2', 'DeleteSecurityGroup', { GroupId: first.id });
      first.due = 'leave';
    },
  },
  {
    name: 'changed',
    shownBy: /^DescribeSecurityGroups$/,
    async meddle(account, [first]) {
      if (first === undefined) return;
      const Tags = [{ Key: 'reeve:exempt', Value: 'T-1 until 2026-12-01' }];
      await account.as('ec2', 'CreateTags', { Resources: [first.id], Tags });
      first.due = 'leave';
    },
  },
];

const ssh = { policy: 'revoke-open-ssh', cadenceMs: HOUR, meddlings } as const;
const settings = `version: 1
policies:
  revoke-open-ssh: { mode: enforce, caps: { count: 10, percent: 100 } }
`;

/** Somebody opens SSH to the world; the event arrives. */
export const sshEvent: Scenario = {
  ...ssh,
  name: 'revoke-open-ssh: an event',
  settings,
  cap: 10,
  set: async (account) => [await group(account, 'web', ['tcp 22 0.0.0.0/0', 'tcp 443 0.0.0.0/0'], 'remedy')],
  play: (runtime) => runtime.pass(HOUR),
};

/** Groups of all kinds, of which no event ever told. */
export const sshSweep: Scenario = {
  ...ssh,
  name: 'revoke-open-ssh: a sweep',
  settings,
  cap: 10,
  async set(account) {
    const subjects = [
      await group(account, 'open', ['tcp 22 0.0.0.0/0', 'tcp 22 198.51.100.7/32'], 'remedy'),
      await group(account, 'open-6', ['tcp 22 ::/0'], 'remedy'),
      await group(account, 'office', ['tcp 22 198.51.100.7/32'], 'leave'),
      await group(account, 'exempt', ['tcp 22 0.0.0.0/0'], 'leave', {
        'reeve:exempt': 'T-1 until 2026-12-01',
      }),
    ];
    account.events.splice(0);
    return subjects;
  },
  async play(runtime) {
    runtime.sweep('revoke-open-ssh');
    await runtime.pass(HOUR);
  },
};

/** More than one run may change: the rest is queued and carried on. */
export const sshContinuation: Scenario = {
  ...ssh,
  name: 'revoke-open-ssh: a continuation',
  settings: settings.replace('count: 10', 'count: 1'),
  cap: 1,
  async set(account) {
    const subjects = [
      await group(account, 'one', ['tcp 22 0.0.0.0/0'], 'remedy'),
      await group(account, 'two', ['tcp 22 0.0.0.0/0'], 'remedy'),
    ];
    account.events.splice(0);
    return subjects;
  },
  play: sshSweep.play,
};

/** Events of one moment, a run to each; only so many changes may be made in an hour, and the rest in the next. */
export const sshWindow: Scenario = {
  ...ssh,
  name: 'revoke-open-ssh: the cap of a window',
  settings: settings.replace('percent: 100', 'percent: 100, perWindow: 2, window: 1h'),
  cap: 10,
  perWindow: { count: 2, ms: HOUR },
  set: async (account) => [
    await group(account, 'one', ['tcp 22 0.0.0.0/0'], 'remedy'),
    await group(account, 'two', ['tcp 22 0.0.0.0/0'], 'remedy'),
    await group(account, 'three', ['tcp 22 ::/0'], 'remedy'),
  ],
  async play(runtime) {
    runtime.parallel = 3;
    await runtime.pass(2 * HOUR);
  },
};
