import { DeleteTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PolicyName, Sabotage } from '../stage/functions.ts';
import { liveBusily, lookFor } from './busy.ts';
import { anyDraw, type Draw, soakOf } from './draws.ts';
import { Epoch } from './epoch.ts';

it('B5.15 B5.16 B5.21 B5.24 B6.14 whatever happens, in whatever order, all invariants hold', async () => {
  await fc.assert(
    fc.asyncProperty(anyDraw, async (draw) => {
      expect((await Epoch.live(draw)).violations).toEqual([]);
    }),
    { numRuns: 10, seed: 2 },
  );
});

it('the same draw gives the same calls, whatever this process did before', async () => {
  const [first] = soakOf(24, 3).map((draw) => ({ ...draw, calm: 2 }));
  if (first === undefined) throw new Error('a soak has at least one epoch');
  const other = { ...first, seed: first.seed + 1 };
  const { digest, calls } = await Epoch.live(first);
  const { digest: others } = await Epoch.live(other);

  expect(await Epoch.live(first)).toMatchObject({ digest, calls });
  expect(await Epoch.live(other)).toMatchObject({ digest: others });
  expect(others).not.toBe(digest);
});

it.each<{ defect: string; sabotage: Sabotage; found: RegExp }>([
  {
    defect: 'protects nothing',
    sabotage: {
      settings: ({ guard, ...rest }) => ({
        ...rest,
        guard: {
          ...guard,
          protect: { ids: [], names: [], tags: [] },
          exemption: { ...guard.exemption, tag: 'none' },
        },
      }),
    },
    found: /^wrong /m,
  },
  {
    defect: 'tells nobody',
    sabotage: { ports: (ports) => ({ ...ports, notify: async () => [] }) },
    found: /^lost /m,
  },
  {
    defect: 'never ends what it began',
    sabotage: { ports: (ports) => ({ ...ports, journal: { ...ports.journal, finish: async () => {} } }) },
    found: /^unexplained /m,
  },
])('an account in which Reeve $defect does not pass', async ({ sabotage, found }) => {
  expect(await lookFor(found, {}, sabotage)).toMatch(found);
});

/** People deal with Reeve most of the time. */
const meddling = { onReeve: 60 };

/** What somebody changed since is taken back all the same. */
const overruling: Sabotage = {
  wayBack: (sound) => ({
    ...sound,
    async standing(entry, around) {
      const standing = await sound.standing(entry, around);
      return standing.state === 'changed' ? { state: 'ours', will: ['Take it back.'] } : standing;
    },
    async undo(entry, around) {
      if (sound.policy !== 'enforce-tags') return await sound.undo(entry, around);
      const Tags = [{ Key: 'Owner' }];
      await around.aws.send(EC2Client, new DeleteTagsCommand({ Resources: [entry.resource.id], Tags }));
      return { result: 'done', after: null, requestId: undefined };
    },
  }),
};

it.each<{ defect: string; hours: number; mode?: Draw['mode']; sabotage: Sabotage; found: RegExp }>([
  {
    defect: 'ignores its kill switch',
    hours: 9,
    sabotage: {
      ports: (ports) => ({
        ...ports,
        killSwitch: async () => {
          await ports.killSwitch().catch(() => undefined);
          return 'off';
        },
      }),
    },
    found: /^wrong .*its last look at the kill switch was not off/m,
  },
  {
    defect: 'tells nothing while its kill switch is pulled',
    hours: 9,
    sabotage: {
      ports: (ports) => ({
        ...ports,
        notify: (report) => {
          const results = report.results.filter(({ outcome }) => outcome.code !== 'kill-switch');
          return ports.notify({ ...report, results });
        },
      }),
    },
    found: /^lost .*while the kill switch was pulled/m,
  },
  {
    defect: 'takes back what a person changed meanwhile',
    hours: 20,
    sabotage: overruling,
    found: /^wrong \w+ by undo: .* it is changed, so it is not ours to take back/m,
  },
  {
    defect: 'does again at once what a person took back',
    hours: 12,
    sabotage: {
      ports: (ports) => ({
        ...ports,
        journal: {
          ...ports.journal,
          recent: async (arn, since) =>
            (await ports.journal.recent(arn, since)).map(({ exemptUntil: _forgotten, ...entry }) => entry),
        },
      }),
    },
    found: /^wrong .* was taken back and is let be/m,
  },
  {
    defect: 'acts while report is deployed',
    mode: 'report',
    hours: 12,
    sabotage: {
      settings: ({ guard, ...rest }) => ({ ...rest, guard: { ...guard, mode: 'enforce' } }),
    },
    found: /^wrong .*only told \(report mode\)/m,
  },
])(
  'B6.2 B6.18 B6.19 an account in which Reeve $defect does not pass',
  async ({ hours, mode = 'enforce', sabotage, found }) => {
    expect(await lookFor(found, { ...meddling, hours, mode }, sabotage)).toMatch(found);
  },
);

it('B6.2 B6.18 B6.19 an account in which people mostly deal with Reeve passes', async () => {
  expect(await liveBusily(2, { ...meddling, hours: 12 })).toBe('');
});

/** Of the findings of one policy, people are told the first, the third and so on. */
const tellingEveryOther = (policy: PolicyName): Sabotage => {
  const ids: string[] = [];
  return {
    ports: (ports) => ({
      ...ports,
      notify: (report) => {
        if (report.policy !== policy) return ports.notify(report);
        for (const { resource } of report.results) if (!ids.includes(resource.id)) ids.push(resource.id);
        const results = report.results.filter(({ resource }) => ids.indexOf(resource.id) % 2 === 0);
        return ports.notify({ ...report, results });
      },
    }),
  };
};

/** Nothing is changed: all that is out of policy stays, and has to be told. */
const onlyTold = { mode: 'report' } as const;

it('an account in which everything is only told passes', async () => {
  expect(await liveBusily(2, onlyTold)).toBe('');
});

it.each<PolicyName>(['revoke-open-ssh', 'stop-idle-instances', 'enforce-tags', 'delete-stale-buckets'])(
  'an account in which %s tells of every other finding only does not pass',
  async (policy) => {
    const found = new RegExp(`^lost ${policy}: `, 'm');
    expect(await lookFor(found, onlyTold, tellingEveryOther(policy))).toMatch(found);
  },
);
