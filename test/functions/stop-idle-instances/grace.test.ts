import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { Lab } from './lab.ts';

const HOUR = 3_600_000;
const TAG = 'reeve:stop-idle-instances-after';
/** Two days after the Monday noon on which the lab opens, and the clocks' difference. */
const DUE = '2026-11-04T12:10:00.000Z';

function labWith(settings: object = {}): Lab {
  const lab = new Lab();
  lab.settings = settings;
  lab.guard = { graceMs: 48 * HOUR };
  return lab;
}

/** Sweeps every so many hours; the tag and the state after each. */
async function days(lab: Lab, id: string, hours: number, every = 12) {
  const seen: string[] = [];
  for (let at = 0; at < hours; at += every) {
    await lab.sandbox.world.clock.advance(every * HOUR);
    await lab.sweep();
    seen.push(`${await lab.state(id)}`);
  }
  return seen;
}

async function tagOn(lab: Lab, id: string): Promise<string | undefined> {
  return (await lab.described(id))?.Tags?.find(({ Key }) => Key === TAG)?.Value;
}

it('B2.13 B6.7 an idle instance shows its date for two days, is stopped then, and shows it no more', async () => {
  const lab = labWith();
  const id = lab.machine();

  const first = await lab.sweep();
  expect(await tagOn(lab, id)).toBe(DUE);
  expect(first.results[0]?.outcome).toMatchObject({ outcome: 'queued', code: 'grace', due: new Date(DUE) });

  expect(await days(lab, id, 48)).toEqual(['running', 'running', 'running', 'running']);
  expect(await days(lab, id, 24)).toEqual(['stopping', 'stopped']);
  expect(await tagOn(lab, id)).toBeUndefined();
  expect(lab.journal.entries).toMatchObject([{ action: 'stop-instances', reasonCode: 'idle' }]);
});

it('B6.8 whoever edits the tag neither hastens nor delays it', async () => {
  const lab = labWith();
  const [sooner = '', never = ''] = lab.machines(2);
  await lab.sweep();
  const Tags = [{ Key: TAG, Value: '2020-01-01T00:00:00.000Z' }];
  await lab.ec2.send(new CreateTagsCommand({ Resources: [sooner], Tags }));
  await lab.ec2.send(new DeleteTagsCommand({ Resources: [never], Tags: [{ Key: TAG }] }));

  expect(await days(lab, sooner, 48)).toEqual(['running', 'running', 'running', 'running']);
  await days(lab, sooner, 24);
  expect([await lab.state(sooner), await lab.state(never)]).toEqual(['stopped', 'stopped']);
});

it('B6.7 an exemption in time cancels it, and the tag goes', async () => {
  const lab = labWith();
  const id = lab.machine();
  await lab.sweep();
  const Tags = [{ Key: 'reeve:exempt', Value: 'T-1 until 2026-11-10' }];
  await lab.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));

  expect(new Set(await days(lab, id, 72))).toEqual(new Set(['running']));
  expect(lab.journal.closed).toEqual(['exempt']);
  expect(await tagOn(lab, id)).toBeUndefined();
});

it('B6.7 without a grace any more its tag comes off, but where somebody wrote another date', async () => {
  const lab = labWith();
  const [ours = '', edited = ''] = lab.machines(2);
  await lab.sweep();
  const Tags = [{ Key: TAG, Value: '2030-01-01' }];
  await lab.ec2.send(new CreateTagsCommand({ Resources: [edited], Tags }));
  lab.guard = { protect: { ids: [ours, edited], names: [], tags: [] } };
  const { warnings } = await lab.sweep();

  expect([await tagOn(lab, ours), await tagOn(lab, edited)]).toEqual([undefined, '2030-01-01']);
  expect(warnings).toEqual([expect.stringMatching(new RegExp(`untag-resources .*instance/${edited}$`))]);
  expect(lab.journal.closed).toEqual(['no-grace', 'no-grace']);
});

it('an instance without room for a tag is told and stopped all the same', async () => {
  const lab = labWith();
  const tags = Array.from({ length: 50 }, (_, index) => ({ Key: `key-${index}`, Value: 'x' }));
  const id = lab.machine({ tags });

  const first = await lab.sweep();

  expect(first.results[0]?.notes.join()).toContain('TagLimitExceeded');
  expect((await days(lab, id, 72)).at(-1)).toBe('stopped');
});

it('B1.57 office hours were agreed upon: they stop and start without a grace', async () => {
  const lab = labWith({ hours: { schedule: 'mon-fri 08:00-19:00' } });
  const busy = { CPUUtilization: 60 };
  const id = lab.machine({}, busy);

  expect(await days(lab, id, 24, 4)).toEqual([
    'running',
    'stopping',
    'stopped',
    'stopped',
    'pending',
    'running',
  ]);
  expect(lab.journal.marked.size).toBe(0);
});
