import { Metrics } from '@aws-lambda-powertools/metrics';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { loadConfig, loadPolicy } from '../../cli/policies.ts';
import { calls as bucketCalls } from '../../functions/delete-stale-buckets/calls.ts';
import { calls as tagCalls } from '../../functions/enforce-tags/calls.ts';
import { calls as sshCalls } from '../../functions/revoke-open-ssh/calls.ts';
import { calls as idleCalls } from '../../functions/stop-idle-instances/calls.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { QUIET, seedMeasures } from '../../sandbox/services/ec2/instances/measures.ts';
import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { seedBucket, seededBucket, seedObjects } from '../../sandbox/services/s3/seed.ts';
import { embed } from '../../shared/config/embed.ts';
import type { Log } from '../../shared/engine/ports.ts';
import type { Change, Resource } from '../../shared/engine/verdict.ts';
import type { CallTable } from '../../shared/events/api-call.ts';
import type { Answer } from '../../shared/lambda/answer.ts';
import { answerEvent, type Standing } from '../../shared/lambda/answer-event.ts';
import { createContainer } from '../../shared/lambda/container.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { jsonText } from '../../shared/notify/escape.ts';
import { deployed } from '../shared/lambda/fixture.ts';

const NOW = new Date('2026-11-20T09:13:44Z');
const DAY_MS = 86_400_000;

const CALLS = {
  'delete-stale-buckets': bucketCalls,
  'enforce-tags': tagCalls,
  'revoke-open-ssh': sshCalls,
  'stop-idle-instances': idleCalls,
} as const satisfies Readonly<Record<string, CallTable>>;

export type PolicyName = keyof typeof CALLS;
export const POLICIES = Object.keys(CALLS).filter((name): name is PolicyName => name in CALLS);

/** What sample events name; put in their place is what the workshop has, all of it in order. */
const NAMED = {
  group: /\bsg-[0-9a-f]{17}\b/g,
  instance: /\bi-[0-9a-f]{17}\b/g,
  bucket: /\b(?:forgotten-logs|orders-2026)\b/g,
} as const;

/** An account in which every policy enforces. Each kind of resource is there twice: in order, and out of policy. */
export class Workshop {
  readonly sandbox: Sandbox;
  readonly inOrder: Readonly<Record<keyof typeof NAMED, string>>;
  readonly outOfPolicy: ReadonlySet<string>;
  readonly #functions: ReadonlyMap<PolicyName, Standing<unknown, Resource, unknown, Change>>;
  readonly #ec2: EC2Client;

  private constructor(
    sandbox: Sandbox,
    ids: Pick<Workshop, 'inOrder' | 'outOfPolicy'>,
    functions: ReadonlyMap<PolicyName, Standing<unknown, Resource, unknown, Change>>,
  ) {
    this.sandbox = sandbox;
    this.inOrder = ids.inOrder;
    this.outOfPolicy = ids.outOfPolicy;
    this.#functions = functions;
    this.#ec2 = new EC2Client(sandbox.clientConfig());
  }

  static async open(): Promise<Workshop> {
    const { sandbox, environment } = await deployed({ now: NOW, served: false });
    const ids = await furnish(sandbox);
    const config = await loadConfig('test/fuzz/reeve.yml');
    const home = { partition: 'aws', account: sandbox.account, region: sandbox.region };
    const { requestHandler } = sandbox.clientConfig();
    const credentials = sandbox.credentials({ user: 'reeve' });
    const { clock, random } = sandbox.world;
    const outside = {
      now: () => new Date(clock.now()),
      sleep: (ms: number) => clock.advance(ms),
      newId: () => random.uuid(),
      random: () => 0.5,
      connection: { credentials: async () => credentials, requestHandler },
    };
    const functions = new Map<PolicyName, Standing<unknown, Resource, unknown, Change>>();
    for (const name of POLICIES) {
      const settings = embed(config, name);
      const container = createContainer(readEnvironment(environment), settings, home, outside);
      functions.set(name, { policy: await loadPolicy(name), calls: CALLS[name], settings, home, container });
    }
    return new Workshop(sandbox, ids, functions);
  }

  /** A sample event's text with the resources of this account, those that are in order. */
  about(text: string): string {
    const { group, instance, bucket } = this.inOrder;
    return text.replace(NAMED.group, group).replace(NAMED.instance, instance).replace(NAMED.bucket, bucket);
  }

  /** One invocation of a function, as Lambda's handler makes it; throws what would reach the dead letters. */
  invoke(policy: PolicyName, event: unknown): Promise<Answer> {
    const standing = this.#functions.get(policy);
    if (standing === undefined) throw new Error(`there is no function ${policy}`);
    const now = new Date(this.sandbox.world.clock.now());
    const metrics = new Metrics({ namespace: 'Reeve', serviceName: policy });
    const remainingMs = () => 300_000;
    return answerEvent(standing, event, {
      now,
      requestId: 'r-1',
      remainingMs,
      metrics,
      logFor: () => LOG,
    }).finally(() => metrics.clearMetrics());
  }

  /** Calls of the functions since the sandbox forgot them. */
  get calls(): readonly string[] {
    return this.sandbox.world.calls
      .filter(({ principal }) => principal.endsWith('user/reeve'))
      .map(({ operation }) => operation);
  }

  /** Everything in the account that a policy could change, by id. */
  async state(): Promise<ReadonlyMap<string, unknown>> {
    const { SecurityGroups = [] } = await this.#ec2.send(new DescribeSecurityGroupsCommand({}));
    const { Reservations = [] } = await this.#ec2.send(new DescribeInstancesCommand({}));
    const names = [this.inOrder.bucket, ...this.outOfPolicy].filter((name) => name.includes('bucket'));
    return new Map<string, unknown>([
      ...SecurityGroups.map((one) => [one.GroupId ?? '', one] as const),
      ...Reservations.flatMap(({ Instances = [] }) => Instances).map(
        (one) => [one.InstanceId ?? '', one] as const,
      ),
      ...names.map((name) => [name, this.#bucket(name)] as const),
    ]);
  }

  #bucket(name: string): unknown {
    const { tags, configurations, versions } = seededBucket(this.sandbox.world, name);
    return structuredClone({ tags: [...tags], configurations, totals: versions.totals });
  }
}

/** What is logged has to be writable as JSON; nothing is shown. */
const LOG: Log = { info: writable, warn: writable, error: writable };

function writable(message: string, fields?: object): void {
  jsonText({ message, fields });
}

async function furnish(sandbox: Sandbox): Promise<Pick<Workshop, 'inOrder' | 'outOfPolicy'>> {
  const place = { partition: 'aws', account: sandbox.account, region: sandbox.region, world: sandbox.world };
  const Tags = [{ Key: 'Owner', Value: 'ana' }];
  const [closed, open] = [await group(sandbox, '203.0.113.0/24'), await group(sandbox, '0.0.0.0/0')];
  const [busy = ''] = seedInstances(place, 1, { instanceType: 'm5.large', tags: Tags });
  const [idle = ''] = seedInstances(place, 1, { instanceType: 'm5.large' });
  const from = new Date(NOW.getTime() - 16 * DAY_MS);
  seedMeasures(place, busy, { ...QUIET, CPUUtilization: 60 }, { from });
  seedMeasures(place, idle, QUIET, { from });
  const [fresh, stale] = ['bucket-in-use', 'bucket-forgotten'];
  const owner = { account: sandbox.account, region: sandbox.region };
  const createdAt = new Date(NOW.getTime() - 1_100 * DAY_MS);
  seedBucket(sandbox.world, { name: fresh, ...owner, createdAt, tags: { Owner: 'ana' } });
  seedBucket(sandbox.world, { name: stale, ...owner, createdAt, tags: {} });
  seedObjects(sandbox.world, fresh, 3, { at: new Date(NOW.getTime() - DAY_MS) });
  seedObjects(sandbox.world, stale, 3, { at: new Date(NOW.getTime() - 700 * DAY_MS) });
  return {
    inOrder: { group: closed, instance: busy, bucket: fresh },
    outOfPolicy: new Set([open, idle, stale]),
  };
}

async function group(sandbox: Sandbox, CidrIp: string): Promise<string> {
  const ec2 = new EC2Client(sandbox.clientConfig());
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: `from-${CidrIp.replace('/', '-')}`, Description: 'ssh' }),
  );
  const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ssh] }));
  return GroupId;
}
