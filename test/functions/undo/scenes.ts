import {
  DescribeSecurityGroupRulesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import * as fc from 'fast-check';
import { wayBack as bucketsBack } from '../../../functions/delete-stale-buckets/way-back.ts';
import { wayBack as tagsBack } from '../../../functions/enforce-tags/way-back.ts';
import { wayBack as doorsBack } from '../../../functions/revoke-open-ssh/way-back.ts';
import { wayBack as machinesBack } from '../../../functions/stop-idle-instances/way-back.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import type { WayBack } from '../../../shared/engine/way-back.ts';
import type { Workplace } from '../../support/take-back.ts';
import { Attic } from '../delete-stale-buckets/attic.ts';
import { Office as TagOffice } from '../enforce-tags/office.ts';
import { Office as DoorOffice } from '../revoke-open-ssh/office.ts';
import { Lab } from '../stop-idle-instances/lab.ts';

/** An account out of policy, what a run does to it, and all that matters of its state. */
export interface Scene {
  readonly workplace: Workplace;
  readonly wayBack: WayBack<Aws>;
  run(): Promise<{ readonly run: string }>;
  state(): Promise<unknown>;
  /** Lets the time pass after which another undo may take over. */
  pass(): Promise<void>;
  /** Somebody else takes what was changed in hand. */
  meddle(): Promise<void>;
}

const RULES = [
  'tcp 22 0.0.0.0/0 # vendor',
  'tcp 22 ::/0',
  'tcp 20-25 0.0.0.0/0',
  '-1 ::/0',
  'tcp 22 0.0.0.0/1',
  'tcp 22 128.0.0.0/1',
  'tcp 0-21 0.0.0.0/0',
  'tcp 80 0.0.0.0/0',
  'tcp 22 10.0.0.0/8',
];

async function doors(groups: readonly (readonly string[])[], onWiderRange: string): Promise<Scene> {
  const office = new DoorOffice();
  office.settings = { onWiderRange };
  const ids: string[] = [];
  for (const rules of groups) ids.push(await office.group(rules));
  return {
    workplace: office,
    wayBack: doorsBack,
    run: () => office.sweep(),
    async state() {
      const { SecurityGroupRules: told = [] } = await office.ec2.send(
        new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: ids }] }),
      );
      // A rule that is opened again has a new id, and nothing else is new about it.
      return told
        .map(({ SecurityGroupRuleId: _id, SecurityGroupRuleArn: _arn, ...rule }) => JSON.stringify(rule))
        .sort();
    },
    pass: async () => void (await office.sandbox.world.clock.advance(130_000)),
    async meddle() {
      for (const { before } of office.journal.entries) {
        const { groupId } = before as { readonly groupId: string };
        for (const rule of groups[ids.indexOf(groupId)] ?? [])
          await office.open(groupId, rule).catch(() => undefined);
      }
    },
  };
}

async function tags(machines: readonly Readonly<Record<string, string>>[]): Promise<Scene> {
  const office = new TagOffice({
    types: ['AWS::EC2::Instance'],
    tags: [
      { key: 'Owner', default: 'nobody' },
      { key: 'Environment', values: ['prod', 'dev'], default: 'dev' },
    ],
  });
  const ids: string[] = [];
  for (const given of machines) ids.push(...(await office.launch(given)));
  await office.pass(60);
  return {
    workplace: office,
    wayBack: tagsBack,
    run: () => office.sweep(),
    state: () => Promise.all(ids.map((id) => office.tagsOf(id))),
    pass: () => office.pass(3),
    async meddle() {
      for (const id of ids) await office.tag(id, { Owner: 'bea', Environment: 'prod' });
    },
  };
}

async function machines(count: number): Promise<Scene> {
  const lab = new Lab();
  const ids = lab.machines(count);
  return {
    workplace: lab,
    wayBack: machinesBack,
    run: async () => {
      const report = await lab.sweep();
      await lab.sandbox.world.clock.advance(600_000);
      return report;
    },
    async state() {
      await lab.sandbox.world.clock.advance(120_000);
      const told = await Promise.all(ids.map((id) => lab.described(id)));
      return told.map((one) => [one?.InstanceId, one?.State?.Name, one?.InstanceType, one?.Tags]);
    },
    pass: async () => void (await lab.sandbox.world.clock.advance(130_000)),
    async meddle() {
      await lab.ec2.send(new StartInstancesCommand({ InstanceIds: [...ids] }));
      await lab.sandbox.world.clock.advance(120_000);
      await lab.ec2.send(new StopInstancesCommand({ InstanceIds: [...ids] }));
      await lab.sandbox.world.clock.advance(120_000);
    },
  };
}

async function buckets(tagged: readonly Readonly<Record<string, string>>[]): Promise<Scene> {
  const attic = new Attic();
  const names = tagged.map((given, index) => attic.stale(`old-${index}`, 2, {}, { tags: given }));
  return {
    workplace: attic,
    wayBack: bucketsBack,
    run: () => attic.sweep(),
    state: async () =>
      names.map((name) => [attic.tags(name), attic.keysIn(name), attic.state(name).configurations]),
    pass: async () => void (await attic.world.clock.advance(130_000)),
    async meddle() {
      for (const name of names) attic.state(name).tags.delete('reeve:delete-after');
    },
  };
}

const value = fc.constantFrom('ana', 'TODO', 'prod', 'Prod');
/** By policy, with how many of them a short run looks at. */
export const scenes: readonly (readonly [string, number, fc.Arbitrary<() => Promise<Scene>>])[] = [
  [
    'revoke-open-ssh',
    4,
    fc
      .tuple(
        fc.array(fc.subarray(RULES, { minLength: 1 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('revoke', 'narrow'),
      )
      .map(
        ([groups, how]) =>
          () =>
            // Of the others all may be in order.
            doors([['tcp 22 0.0.0.0/0'], ...groups], how),
      ),
  ],
  [
    'enforce-tags',
    3,
    fc
      .array(fc.dictionary(fc.constantFrom('Owner', 'Environment', 'Name', 'owner'), value), {
        minLength: 1,
        maxLength: 3,
      })
      .map((given) => () => tags([{}, ...given])),
  ],
  ['stop-idle-instances', 1, fc.integer({ min: 1, max: 2 }).map((count) => () => machines(count))],
  [
    'delete-stale-buckets',
    1,
    fc
      .array(fc.dictionary(fc.constantFrom('team', 'cost'), value), { minLength: 1, maxLength: 2 })
      .map((given) => () => buckets(given)),
  ],
];
