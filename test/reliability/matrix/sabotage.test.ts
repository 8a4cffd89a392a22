import { expect, it } from 'vitest';
import type { Aws } from '../../../shared/aws/access.ts';
import type { Journal } from '../../../shared/engine/journal.ts';
import type { RunReport } from '../../../shared/engine/outcome.ts';
import type { Ports } from '../../../shared/engine/ports.ts';
import { idleSweep } from '../scenarios/idle.ts';
import { sshContinuation, sshEvent, sshSweep } from '../scenarios/ssh.ts';
import type { Violation } from '../stage/audit.ts';
import type { Sabotage } from '../stage/functions.ts';
import type { Scenario } from '../stage/scenario.ts';
import { type Point, rehearse } from './matrix.ts';

/** What the same rehearsal finds in a sound function: once for all defects that are planted in it. */
const sound = new Map<string, ReturnType<typeof rehearse>>();

function soundly(scenario: Scenario, point?: Point): ReturnType<typeof rehearse> {
  const key = JSON.stringify([scenario.name, point]);
  const rehearsed = sound.get(key) ?? rehearse(scenario, 1, point);
  sound.set(key, rehearsed);
  return rehearsed;
}

const journaling = (change: (journal: Journal) => Partial<Journal>): Sabotage => ({
  ports: (ports) => ({ ...ports, journal: { ...ports.journal, ...change(ports.journal) } }),
});

const telling = (change: (report: RunReport) => RunReport): Sabotage => ({
  ports: (ports) => ({ ...ports, notify: (report) => ports.notify(change(report)) }),
});

/** Each change stands in the journal once more, as another finding. */
const twice = journaling((journal) => ({
  async finish(intent, outcome) {
    await journal.finish(intent, outcome);
    const twin = { ...intent, id: `${intent.id}-again`, fingerprint: `${intent.fingerprint}-again` };
    await journal.begin(twin);
    await journal.finish(twin, outcome);
  },
}));

/** Instances are read again, but what was answered first is believed for ever. */
function remembering(ports: Ports<Aws>): Ports<Aws> {
  const answers = new Map<string, Promise<unknown>>();
  const enter: Ports<Aws>['enter'] = async (place) => {
    const aws = await ports.enter(place);
    return {
      place,
      send: async (client, command) => {
        const { name } = command.constructor;
        if (!name.startsWith('DescribeInstancesCommand')) return aws.send(client, command);
        const fresh = aws.send(client, command);
        const known = answers.get(name) ?? fresh;
        answers.set(name, known);
        await fresh;
        // What this command answers is what it answered before.
        return (await known) as Awaited<ReturnType<typeof aws.send<never>>>;
      },
    };
  };
  return { ...ports, enter };
}

const at = (service: string, operation: string, occurrence: number, fault: Point['fault']): Point => ({
  call: { service, operation, occurrence },
  fault,
});

it.each<{
  defect: string;
  scenario: Scenario;
  point?: Point;
  sabotage: Sabotage;
  found: Violation['invariant'];
}>([
  {
    defect: 'acting without an intent in the journal',
    scenario: sshEvent,
    sabotage: journaling(() => ({ begin: async () => 'begun' })),
    found: 'unexplained',
  },
  {
    defect: 'journaling a change twice',
    scenario: sshEvent,
    sabotage: twice,
    found: 'doubled',
  },
  {
    defect: 'changing twice what nobody touched, while somebody touched another',
    scenario: idleSweep,
    point: at('ec2', 'DescribeInstanceStatus', 0, 'changed'),
    sabotage: twice,
    found: 'doubled',
  },
  {
    defect: 'journaling as done what was refused',
    scenario: sshEvent,
    point: at('ec2', 'RevokeSecurityGroupIngress', 0, 'access denied'),
    sabotage: journaling((journal) => ({
      finish: (intent, outcome) => journal.finish(intent, { ...outcome, result: 'done' }),
    })),
    found: 'untrue',
  },
  {
    defect: 'not looking for exemptions',
    scenario: sshSweep,
    sabotage: {
      settings: ({ guard, ...rest }) => ({
        ...rest,
        guard: { ...guard, exemption: { ...guard.exemption, tag: 'none' } },
      }),
    },
    found: 'wrong',
  },
  {
    defect: 'not looking for protection',
    scenario: idleSweep,
    sabotage: {
      settings: ({ guard, ...rest }) => ({
        ...rest,
        guard: { ...guard, protect: { ids: [], names: [], tags: [] } },
      }),
    },
    found: 'wrong',
  },
  {
    defect: 'not holding the cap',
    scenario: sshContinuation,
    sabotage: {
      settings: ({ guard, ...rest }) => ({
        ...rest,
        guard: { ...guard, caps: { ...guard.caps, count: 100 } },
      }),
    },
    found: 'above the cap',
  },
  {
    defect: 'acting on what was read before somebody changed it',
    scenario: idleSweep,
    point: at('ec2', 'DescribeInstanceStatus', 0, 'changed'),
    sabotage: { ports: remembering },
    found: 'wrong',
  },
  {
    defect: 'telling nobody',
    scenario: idleSweep,
    sabotage: { ports: (ports) => ({ ...ports, notify: async () => [] }) },
    found: 'lost',
  },
  {
    defect: 'naming a resource without saying what is true of it',
    scenario: sshEvent,
    sabotage: telling((report) => ({
      ...report,
      results: [],
      warnings: report.results.map(({ resource }) => resource.id),
    })),
    found: 'lost',
  },
  {
    defect: 'saying done of what it left alone',
    scenario: idleSweep,
    sabotage: telling((report) => ({
      ...report,
      results: report.results.map((result) => ({
        ...result,
        outcome: { outcome: 'done', code: 'remedied', reason: 'Done.', journalId: 'none' },
      })),
    })),
    found: 'lost',
  },
  {
    defect: 'saying that it could not read another region',
    scenario: idleSweep,
    sabotage: telling((report) => ({
      ...report,
      results: report.results.filter(({ verdict }) => verdict.verdict === 'violation'),
      places: report.places.map((place) => ({
        ...place,
        region: 'us-east-1',
        state: 'failed',
        reason: 'It could not be read to its end.',
      })),
    })),
    found: 'lost',
  },
  {
    defect: 'never getting a message through, and measuring it',
    scenario: sshEvent,
    sabotage: {
      ports: (ports) => ({
        ...ports,
        notify: async () => {
          throw new Error('no way');
        },
      }),
    },
    found: 'lost',
  },
  {
    defect: 'not sending a lost message again',
    scenario: sshEvent,
    point: at('sns', 'Publish', 0, 'access denied'),
    sabotage: journaling(() => ({ open: async () => [] })),
    found: 'lost',
  },
])('the matrix sees a function that is spoilt by $defect', async ({ scenario, point, sabotage, found }) => {
  const spoilt = await rehearse(scenario, 1, point, sabotage);
  const { violations } = await soundly(scenario, point);

  expect(spoilt.violations.map(({ invariant }) => invariant)).toContain(found);
  expect(violations).toEqual([]);
});
