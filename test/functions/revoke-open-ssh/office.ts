import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type IpPermission,
  type Tag,
} from '@aws-sdk/client-ec2';
import { calls } from '../../../functions/revoke-open-ssh/calls.ts';
import { policy, type Watched } from '../../../functions/revoke-open-ssh/policy.ts';
import type { CloseIngress } from '../../../functions/revoke-open-ssh/remedy.ts';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import { createAws } from '../../../shared/aws/factory.ts';
import { PatientRetry } from '../../../shared/aws/retry.ts';
import type { RunReport } from '../../../shared/engine/outcome.ts';
import type { Surroundings } from '../../../shared/engine/policy.ts';
import type { GuardSettings, Ports } from '../../../shared/engine/ports.ts';
import { run } from '../../../shared/engine/run.ts';
import type { Place, ResourceRef, Signal } from '../../../shared/engine/signal.ts';
import type { Verdict } from '../../../shared/engine/verdict.ts';
import { readEvent } from '../../../shared/events/read.ts';
import { enforcing } from '../../support/lamps.ts';
import { MemoryJournal } from '../../support/memory-journal.ts';
import { portsWith } from '../../support/ports.ts';
import { set } from './builders.ts';

/** `tcp 22 0.0.0.0/0`, `-1 ::/0`, `tcp 0-1024 pl-1`, with an optional description behind ` # `. */
export function permission(text: string): IpPermission {
  const [rule = '', Description] = text.split(' # ');
  const [IpProtocol = '', ...rest] = rule.split(' ');
  const source = rest.at(-1) ?? '';
  const [from, to = from] = rest.length > 1 ? (rest[0] ?? '').split('-').map(Number) : [];
  const ports = from === undefined || to === undefined ? {} : { FromPort: from, ToPort: to };
  const about = Description === undefined ? {} : { Description };
  const base = { IpProtocol, ...ports };
  if (source.startsWith('pl-')) return { ...base, PrefixListIds: [{ PrefixListId: source, ...about }] };
  if (source.startsWith('sg-')) return { ...base, UserIdGroupPairs: [{ GroupId: source, ...about }] };
  if (source.includes(':')) return { ...base, Ipv6Ranges: [{ CidrIpv6: source, ...about }] };
  return { ...base, IpRanges: [{ CidrIp: source, ...about }] };
}

/** A simulated account with somebody who works in it, and the policy as it would be run there. */
export class Office {
  readonly sandbox: Sandbox;
  readonly ec2: EC2Client;
  readonly place: Place;
  readonly journal: MemoryJournal;
  readonly told: RunReport[] = [];
  readonly postponed: Signal[] = [];
  readonly events: BusEvent[] = [];
  readonly aws: Aws;
  settings: object = {};
  guard: Partial<GuardSettings> = {};
  #ids = 0;

  constructor(options: { account?: string } = {}) {
    this.sandbox = createSandbox(options);
    const { world, account, region } = this.sandbox;
    this.place = { partition: 'aws', account, region };
    this.ec2 = new EC2Client({ ...this.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
    this.journal = new MemoryJournal(() => this.now());
    const { credentials, endpoint, requestHandler } = this.sandbox.clientConfig({ user: 'reeve' });
    this.aws = createAws(this.place, {
      credentials: async () => credentials,
      endpoint,
      requestHandler,
      retryStrategy: new PatientRetry({
        attempts: 3,
        now: () => this.now(),
        sleep: (ms) => world.clock.advance(ms),
        random: () => 0.5,
      }),
    });
    world.onEvent((event) => this.events.push(event));
  }

  now(): Date {
    return new Date(this.sandbox.world.clock.now());
  }

  /** Where the sandbox's seeds put things. */
  get inside() {
    return { ...this.place, world: this.sandbox.world };
  }

  get around(): Surroundings<Aws> {
    return {
      place: this.place,
      aws: this.aws,
      now: () => this.now(),
      sleep: (ms) => this.sandbox.world.clock.advance(ms),
      random: () => 0.5,
    };
  }

  /** A new group with these rules, in a VPC of its own unless told otherwise. */
  async group(
    rules: readonly string[] = [],
    { name = `web-${++this.#ids}`, vpcId = '', tags = [] as Tag[] } = {},
  ): Promise<string> {
    const { GroupId = '' } = await this.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: name,
        Description: 'web servers',
        ...(vpcId === '' ? {} : { VpcId: vpcId }),
        ...(tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: 'security-group', Tags: tags }] }),
      }),
    );
    await this.open(GroupId, ...rules);
    return GroupId;
  }

  /** One call with all rules; the ids that they got. */
  async open(groupId: string, ...rules: readonly string[]): Promise<readonly string[]> {
    if (rules.length === 0) return [];
    const { SecurityGroupRules: added = [] } = await this.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: rules.map(permission) }),
    );
    return added.flatMap(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? []);
  }

  async vpc(): Promise<string> {
    const { Vpc } = await this.ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
    return Vpc?.VpcId ?? '';
  }

  /** A network interface with these groups in a subnet, by default one of the default VPC. */
  async attach(groupIds: readonly string[], subnetId?: string): Promise<string> {
    const { Subnets: subnets = [] } = await this.ec2.send(new DescribeSubnetsCommand({}));
    const { NetworkInterface } = await this.ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: subnetId ?? subnets[0]?.SubnetId,
        Groups: [...groupIds],
      }),
    );
    return NetworkInterface?.NetworkInterfaceId ?? '';
  }

  /** The inbound rules that stand, as texts in order. */
  async standing(groupId: string): Promise<readonly string[]> {
    const { SecurityGroups: groups = [] } = await this.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }),
    );
    return (groups[0]?.IpPermissions ?? [])
      .flatMap(({ IpProtocol, FromPort, ToPort, IpRanges = [], Ipv6Ranges = [], ...others }) => {
        const ports =
          FromPort === undefined ? '' : ` ${FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`}`;
        const sources = [
          ...IpRanges.map(({ CidrIp }) => CidrIp),
          ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
          ...(others.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
          ...(others.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
        ];
        return sources.map((source) => `${IpProtocol}${ports} ${source}`);
      })
      .sort();
  }

  /** Reads and judges what a reference points at. */
  async verdicts(...resources: readonly ResourceRef[]): Promise<ReadonlyMap<string, Verdict<CloseIngress>>> {
    const verdicts = new Map<string, Verdict<CloseIngress>>();
    const settings = set(this.settings);
    for (const one of await this.found(...resources)) {
      const facts = (await policy.gather([one], settings, this.around)).get(one.id);
      if (facts !== undefined) verdicts.set(one.id, policy.judge(one, facts, settings, this.now()));
    }
    return verdicts;
  }

  async found(...resources: readonly ResourceRef[]): Promise<readonly Watched[]> {
    const watched: Watched[] = [];
    for await (const page of policy.find(this.signal(resources), set(this.settings), this.around)) {
      watched.push(...page.resources);
    }
    return watched;
  }

  signal(resources: readonly ResourceRef[]): Signal {
    return {
      ...this.place,
      id: 'signal-1',
      scope: resources.length === 0 ? { kind: 'sweep' } : { kind: 'resources', resources },
      cause: { kind: 'schedule', name: 'sweep' },
      actor: undefined,
      time: this.now(),
      delivery: 'live',
    };
  }

  /** Hands every event since the last time to the policy, as its handler would. */
  async react(change: (event: BusEvent) => object = (event) => event): Promise<readonly RunReport[]> {
    await this.sandbox.world.clock.settle();
    const reports: RunReport[] = [];
    for (const event of this.events.splice(0)) reports.push(...(await this.handle(change(event))));
    return reports;
  }

  async handle(event: unknown): Promise<readonly RunReport[]> {
    const reading = readEvent(event, { ...this.place, now: this.now(), requestId: 'r-1' }, calls);
    const signals = reading.kind === 'signals' ? reading.signals : [];
    const reports: RunReport[] = [];
    for (const signal of signals) reports.push(await this.run(signal));
    return reports;
  }

  sweep(): Promise<RunReport> {
    return this.run(this.signal([]));
  }

  run(signal: Signal): Promise<RunReport> {
    const guard = { ...enforcing, ...this.guard };
    return run(policy, signal, [this.place], set(this.settings), guard, this.#ports());
  }

  /** The AWS calls that the policy itself made since `forgetCalls`. */
  calls(): readonly string[] {
    return this.sandbox.world.calls
      .filter(({ principal }) => principal.endsWith('user/reeve'))
      .map(({ operation }) => operation);
  }

  #ports(): Ports<Aws> {
    return portsWith(
      {
        now: () => this.now(),
        sleep: this.around.sleep,
        newId: () => `id-${++this.#ids}`,
        enter: async () => this.aws,
        journal: this.journal,
        postpone: async (signal) => void this.postponed.push(signal),
      },
      this.told,
    );
  }
}
