import { judge } from '../../../functions/enforce-tags/judge.ts';
import type { FixTags } from '../../../functions/enforce-tags/remedy.ts';
import { type Facts, NO_FACTS, type Tagged } from '../../../functions/enforce-tags/resource.ts';
import { type Settings, settings } from '../../../functions/enforce-tags/settings.ts';
import { NO_STOP_FACTS, type StopFacts } from '../../../shared/aws/ec2/stopping/facts.ts';
import type { Stoppable } from '../../../shared/aws/ec2/stopping/instance.ts';
import type { Actor } from '../../../shared/engine/signal.ts';
import type { Violation } from '../../../shared/engine/verdict.ts';

export const noon = new Date('2026-11-20T12:00:00Z');

type TagsText = Readonly<Record<string, string>>;

/** A volume unless told otherwise. */
export function tagged(tags: TagsText = {}, extra: Partial<Tagged> = {}): Tagged {
  return {
    type: 'AWS::EC2::Volume',
    id: 'vol-1',
    arn: 'arn:aws:ec2:eu-central-1:111122223333:volume/vol-1',
    name: undefined,
    createdAt: undefined,
    parents: [],
    creator: undefined,
    graceUntil: undefined,
    metadataTags: false,
    machine: undefined,
    interfaces: [],
    ...extra,
    tags: new Map(Object.entries(tags)),
  };
}

export const instance = {
  type: 'AWS::EC2::Instance',
  id: 'i-1',
  arn: 'arn:aws:ec2:eu-central-1:111122223333:instance/i-1',
  machine: machine(),
  interfaces: [{ id: 'eni-1', groupIds: ['sg-1', 'sg-2'] }],
} as const satisfies Partial<Tagged>;

/** A running instance that nothing and nobody else depends on. */
export function machine(extra: Partial<Stoppable> = {}): Stoppable {
  return {
    id: 'i-1',
    name: undefined,
    tags: new Map(),
    state: 'running',
    instanceType: 't3.micro',
    region: 'eu-central-1',
    zone: 'eu-central-1a',
    launchTime: new Date('2026-11-01T00:00:00Z'),
    lifecycle: undefined,
    spotRequestId: undefined,
    tenancy: 'default',
    outpost: undefined,
    rootDevice: 'ebs',
    forwards: false,
    operator: undefined,
    requester: undefined,
    ownedHere: true,
    vpcId: 'vpc-1',
    privateIps: ['10.0.0.1'],
    ...extra,
  };
}

/** Everything around an instance was looked up, and nothing is in the way of a stop. */
export const clear: StopFacts = {
  ...NO_STOP_FACTS,
  type: { value: { vcpus: 2, accelerated: false, instanceStorage: false } },
  event: { value: undefined },
  group: { value: undefined },
  serves: { value: undefined },
};

export function set(given: object): Settings {
  return settings.parse(given);
}

export const facts = (some: Partial<Facts>): Facts => ({ ...NO_FACTS, ...some });

/** What tags several things have, e.g. `{ 'i-1': { Owner: 'ana' } }`. */
export function parents(all: Readonly<Record<string, TagsText>>): Facts {
  return facts({
    parents: Object.entries(all).map(([id, tags]) => ({ id, tags: new Map(Object.entries(tags)) })),
  });
}

const ROLES = 'arn:aws:sts::111122223333:assumed-role';

export function user(name: string): Actor {
  return actor({ type: 'IAMUser', name, arn: `arn:aws:iam::111122223333:user/${name}` });
}

/** A session of a role, as CloudTrail tells it; `sourceIdentity` names it where there is one. */
export function session(role: string, name: string, extra: Partial<Actor> = {}): Actor {
  return actor({ type: 'AssumedRole', arn: `${ROLES}/${role}/${name}`, name, ...extra });
}

export function actor(extra: Partial<Actor>): Actor {
  return {
    type: 'Unknown',
    arn: undefined,
    name: 'unknown',
    sourceIp: '203.0.113.9',
    invokedBy: undefined,
    ...extra,
  };
}

export interface Case {
  readonly settings?: object;
  readonly resource?: Partial<Tagged>;
  readonly facts?: Facts;
  readonly now?: Date;
}

export function verdictOn(tags: TagsText, tagRules: readonly object[], given: Case = {}) {
  const own = set({ ...given.settings, tags: tagRules });
  return judge(tagged(tags, given.resource), given.facts ?? NO_FACTS, own, given.now ?? noon);
}

/** The violation that these tags are; fails when they are none. */
export function violationBy(
  tags: TagsText,
  tagRules: readonly object[],
  given: Case = {},
): Violation<FixTags> {
  const verdict = verdictOn(tags, tagRules, given);
  if (verdict.verdict !== 'violation') throw new Error(`not a violation: ${verdict.reason}`);
  return verdict;
}

/** What a remedy writes and removes, as plain objects; undefined without one. */
export function writes({ remedy }: Violation<FixTags>) {
  return remedy && { set: Object.fromEntries(remedy.set), remove: Object.fromEntries(remedy.remove) };
}
