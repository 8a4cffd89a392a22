import {
  CreateTagsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { employee, everything, tcp } from '../company.ts';
import type { Timeline } from '../timeline.ts';
import type { Witness } from '../witness.ts';
import { FORGOTTEN, fillAttic, REVIVED, upload } from './buckets.ts';
import { byName, furnish, keepBusy, PROJECT_ENDS } from './machines.ts';

/** Something that happens in the company by itself, at its time. */
interface Chapter {
  readonly at: string;
  play(sandbox: Sandbox, timeline: Timeline): Promise<void>;
}

const STEP = 5 * 60_000;
const END = Date.parse('2026-11-30T10:15:00Z');
/** What terraform launches with tags that are not as agreed. */
export const MISTAGGED = 'batch-7';

const CHAPTERS: readonly Chapter[] = [
  {
    at: '2026-11-03T14:00:00Z',
    async play(sandbox, timeline) {
      timeline.line('ops', 'narrows the rule of app to the office, as the message asked');
      const ec2 = new EC2Client(sandbox.clientConfig({ user: 'ops' }));
      const { SecurityGroups: [app] = [] } = await ec2.send(
        new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['app'] }] }),
      );
      const GroupId = app?.GroupId ?? '';
      await (await employee(sandbox, 'ops')).open(GroupId, tcp(22, '198.51.100.7/32'));
      await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [everything] }));
    },
  },
  {
    at: new Date(PROJECT_ENDS).toISOString(),
    async play(_sandbox, timeline) {
      timeline.line('time', 'the reporting project ends; from now on nobody uses its machine');
    },
  },
  {
    at: '2026-11-05T09:30:00Z',
    async play(sandbox, timeline) {
      timeline.line(
        'terraform',
        `launches ${MISTAGGED} tagged owner=ana (not Owner), and without CostCenter`,
      );
      const terraform = await employee(sandbox, 'terraform');
      const id = await terraform.launch(MISTAGGED, await terraform.group('batch'), { owner: 'ana' });
      keepBusy(sandbox, id);
    },
  },
  {
    at: '2026-11-05T15:00:00Z',
    async play(sandbox, timeline) {
      timeline.line('ana', `adds CostCenter=4711 to ${MISTAGGED}`);
      await tag(sandbox, MISTAGGED, 'CostCenter', '4711');
    },
  },
  {
    at: '2026-11-09T11:00:00Z',
    async play(sandbox, timeline) {
      timeline.line('ana', `puts a file into ${REVIVED}, which is marked for deletion`);
      await upload(sandbox, 'ana', REVIVED, 'figures-2026.csv');
    },
  },
];

/** Lets a month pass, with what happens in it; only days on which something happens show. */
export async function playMonth(sandbox: Sandbox, timeline: Timeline, watching: Witness): Promise<void> {
  const { clock } = sandbox.world;
  timeline.scene('A month at a small company, on the days on which something happens');
  timeline.under(
    `Nine machines: one with office hours, one idle, one that will be, one with a nightly batch, one of an Auto Scaling group, one behind a load balancer, one to be kept. Five buckets, ${FORGOTTEN} with 2,800 versions and delete markers among them. What comes back every day is shown once.`,
  );
  fillAttic(sandbox);
  await furnish(sandbox);
  timeline.showDays();
  watching.beBrief();
  for (const { at, play } of CHAPTERS) {
    await passUntil(Date.parse(at));
    await play(sandbox, timeline);
    await clock.settle();
    await watching.readMail();
  }
  await passUntil(END);

  /** In small steps, so that mail is read when it comes. */
  async function passUntil(moment: number): Promise<void> {
    while (clock.now() < moment) {
      await clock.advance(Math.min(STEP, moment - clock.now()));
      await watching.readMail();
    }
  }
}

async function tag(sandbox: Sandbox, name: string, Key: string, Value: string): Promise<void> {
  const id = (await byName(sandbox)).get(name) ?? '';
  const ec2 = new EC2Client(sandbox.clientConfig({ user: 'ana' }));
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));
}
