import { QUIET, seedMeasures } from '../../../sandbox/services/ec2/instances/measures.ts';
import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { seedBucket, seedObjects } from '../../../sandbox/services/s3/seed.ts';
import { allBuckets } from '../../../sandbox/services/s3/state.ts';
import { permission } from '../../functions/revoke-open-ssh/office.ts';
import type { Account } from '../stage/account.ts';
import { HOURS, hoursOf, UNREADABLE } from './hours.ts';
import { openRules, startOf, type Truth, tagsOf } from './oracle.ts';
import { VAULT } from './vault.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SHIELDS = ['keep', 'freeze', 'reeve:exempt'];
const RULES = ['tcp 22 0.0.0.0/0', 'tcp 22 ::/0', 'tcp 22 198.51.100.7/32', 'tcp 443 0.0.0.0/0'];

/** People and controllers of a busy account: what they do is drawn, and what of it matters is remembered. */
export class People {
  readonly account: Account;
  readonly truth = {
    idle: new Map<string, number>(),
    life: new Map<string, number>(),
    bornAt: new Map<string, number>(),
    asleep: new Map<string, number>(),
  } satisfies Truth;
  readonly #hours: number;
  #made = 0;

  constructor(account: Account, hours: number) {
    this.account = account;
    this.#hours = hours;
  }

  /** A few resources of each kind, in order and not. */
  async moveIn(): Promise<void> {
    for (let count = 0; count < 3; count++) await this.#group();
    for (const kind of ['idle', 'busy', 'idle'] as const) this.#machine(kind);
    for (const { text } of HOURS.slice(0, 2)) this.#machine('busy', [{ Key: 'reeve:hours', Value: text }]);
    const { account: owner, region } = this.account.place;
    seedBucket(this.account.world, { name: VAULT, account: owner, region });
    for (const days of [1, 400, 400, 400, 400]) this.#bucket(days);
  }

  /** One thing that somebody does. What AWS refuses is nothing that they did. */
  async act(): Promise<void> {
    const deeds = [
      () => this.#open(),
      () => this.#open(),
      () => this.#close(),
      () => this.#group(),
      () => this.#launch(),
      () => this.#startAgain(),
      () => this.#stop(),
      () => this.#schedule(),
      () => this.#untag(),
      () => this.#exempt(),
      () => this.#unexempt(),
      () => this.#use(),
      () => this.#object(),
      () => this.#own(),
    ];
    await this.#one(deeds)?.().catch(() => undefined);
  }

  #one<T>(all: readonly T[]): T | undefined {
    return all[this.account.world.random.int(Math.max(1, all.length))];
  }

  get #groups() {
    return [...ec2State.of(this.account.inside).groups.newest.values()].filter(
      ({ name }) => name !== 'default',
    );
  }

  get #machines() {
    return [...ec2State.of(this.account.inside).instances.newest.values()];
  }

  get #buckets() {
    return allBuckets(this.account.world).filter(({ name }) => name !== VAULT);
  }

  async #group(): Promise<void> {
    if (this.#groups.length > 8) return;
    const GroupName = `group-${++this.#made}`;
    await this.account.as('ec2', 'CreateSecurityGroup', { GroupName, Description: GroupName });
  }

  async #open(): Promise<void> {
    const group = this.#one(this.#groups);
    const IpPermissions = [permission(this.#one(RULES) ?? '')];
    await this.account.as('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: group?.id, IpPermissions });
  }

  async #close(): Promise<void> {
    const group = this.#one(this.#groups);
    const SecurityGroupRuleIds = openRules(this.account, group?.id ?? '').slice(0, 1);
    await this.account.as('ec2', 'RevokeSecurityGroupIngress', { GroupId: group?.id, SecurityGroupRuleIds });
  }

  #machine(kind: 'idle' | 'busy', more: readonly { Key: string; Value: string }[] = []): void {
    const tags = [{ Key: 'Owner', Value: 'ana' }, ...more];
    const [id = ''] = seedInstances(this.account.inside, 1, { instanceType: 'm5.large', tags });
    const now = this.account.world.clock.now();
    const from = new Date(now - 2 * DAY);
    const to = new Date(now + this.#hours * HOUR);
    const measures = { ...QUIET, CPUUtilization: kind === 'idle' ? 1 : 60 };
    seedMeasures(this.account.inside, id, measures, { from, to });
    if (kind === 'idle') this.truth.idle.set(id, now - 30 * DAY);
  }

  async #launch(): Promise<void> {
    if (this.#machines.length > 8) return;
    const image = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 };
    const before = new Set(this.#machines.map(({ id }) => id));
    await this.account.as('ec2', 'RunInstances', image);
    for (const { id } of this.#machines)
      if (!before.has(id)) this.truth.bornAt.set(id, this.account.world.clock.now());
  }

  async #startAgain(): Promise<void> {
    const stopped = this.#machines.filter(({ state }) => state === 'stopped');
    const machine = this.#one(stopped);
    if (machine === undefined) return;
    await this.account.as('ec2', 'StartInstances', { InstanceIds: [machine.id] });
  }

  /** What Reeve stopped and somebody started and stopped again is nobody's to take back, nor what hours did not stop. */
  async #stop(): Promise<void> {
    const again = this.#machines.filter(
      ({ id }) => startOf(this.account, this.truth, id)?.afterStop || hoursOf(this.account, id) !== undefined,
    );
    const machine = this.#one(again);
    await this.account.as('ec2', 'StopInstances', { InstanceIds: [machine?.id] });
  }

  /** A machine that is in use gets hours, others, some that nobody can read, or has none any more. */
  async #schedule(): Promise<void> {
    const machine = this.#one(this.#machines.filter(({ id }) => !this.truth.idle.has(id)));
    const Resources = [machine?.id];
    const texts = [...HOURS.map(({ text }) => text), UNREADABLE, undefined];
    const Value = this.#one(texts);
    const Tags = [{ Key: 'reeve:hours', ...(Value && { Value }) }];
    await this.account.as('ec2', Value === undefined ? 'DeleteTags' : 'CreateTags', { Resources, Tags });
  }

  async #untag(): Promise<void> {
    const machine = this.#one(this.#machines);
    await this.account.as('ec2', 'DeleteTags', { Resources: [machine?.id], Tags: [{ Key: 'Owner' }] });
  }

  async #own(): Promise<void> {
    const machine = this.#one(this.#machines);
    const Tags = [{ Key: 'Owner', Value: 'carol' }];
    await this.account.as('ec2', 'CreateTags', { Resources: [machine?.id], Tags });
  }

  async #exempt(): Promise<void> {
    const until = new Date(this.account.world.clock.now() + 2 * DAY).toISOString().slice(0, 10);
    const Key = ['keep', 'freeze'][this.account.world.random.int(8)];
    const value =
      Key === undefined ? { Key: 'reeve:exempt', Value: `T-1 until ${until}` } : { Key, Value: 'yes' };
    const one = this.#one([...this.#groups, ...this.#machines].map(({ id }) => id));
    const bucket = this.#one(this.#buckets);
    if (this.account.world.random.int(3) === 0 && bucket !== undefined)
      bucket.tags.set(value.Key, value.Value);
    else await this.account.as('ec2', 'CreateTags', { Resources: [one], Tags: [value] });
  }

  async #unexempt(): Promise<void> {
    const shielded = [...this.#groups, ...this.#machines].filter(({ id }) =>
      SHIELDS.some((key) => tagsOf(this.account, id).has(key)),
    );
    const one = this.#one(shielded);
    if (one === undefined) return;
    const Tags = SHIELDS.map((Key) => ({ Key }));
    await this.account.as('ec2', 'DeleteTags', { Resources: [one.id], Tags });
  }

  #bucket(days: number): void {
    const name = `bucket-${++this.#made}`;
    const { account: owner, region } = this.account.place;
    const at = new Date(this.account.world.clock.now() - days * DAY);
    const createdAt = new Date(this.account.world.clock.now() - 500 * DAY);
    seedBucket(this.account.world, { name, account: owner, region, createdAt });
    seedObjects(this.account.world, name, 2, { at });
    this.truth.life.set(name, at.getTime());
  }

  async #use(): Promise<void> {
    if (this.#buckets.length < 6) this.#bucket(400);
    const bucket = this.#one(this.#buckets);
    if (bucket === undefined || this.account.world.random.int(4) > 0) return;
    this.truth.life.set(bucket.name, this.account.world.clock.now());
    seedObjects(this.account.world, bucket.name, 1, { key: () => `new-${++this.#made}` });
  }

  /** Whoever wants to keep a marked bucket takes the date away. */
  async #object(): Promise<void> {
    this.#one(this.#buckets)?.tags.delete('reeve:delete-after');
  }
}
