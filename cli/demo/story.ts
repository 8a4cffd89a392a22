import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type Employee, employee, everything, tcp, WELL_TAGGED } from './company.ts';
import type { Timeline } from './timeline.ts';
import type { Witness } from './witness.ts';

/** The groups that end open on purpose: by agreement, or because a person has to decide. */
export interface LeftOpen {
  readonly groupId: string;
  readonly because: string;
}

interface Scene {
  readonly title: string;
  play(people: People, timeline: Timeline): Promise<LeftOpen | undefined>;
}

interface People {
  readonly ana: Employee;
  readonly terraform: Employee;
  readonly ops: Employee;
}

const scenes: readonly Scene[] = [
  {
    title: 'Somebody opens SSH to the world',
    async play({ ana }, timeline) {
      const web = await ana.group('web');
      timeline.line('ana', 'opens tcp 80 and tcp 22 of web to 0.0.0.0/0, in one call');
      await ana.open(web, tcp(80, '0.0.0.0/0'), tcp(22, '0.0.0.0/0'));
      return undefined;
    },
  },
  {
    title: 'All traffic, to a group that nothing uses',
    async play({ terraform }, timeline) {
      const scratch = await terraform.group('scratch');
      timeline.line('terraform', 'opens everything (protocol -1) of scratch to 0.0.0.0/0');
      await terraform.open(scratch, everything);
      return undefined;
    },
  },
  {
    title: 'The same on a machine in use: a rule that carries more than SSH is not torn out blindly',
    async play({ terraform }, timeline) {
      const app = await terraform.group('app');
      await terraform.launch('app-1', app, WELL_TAGGED);
      timeline.line('terraform', 'opens everything of app, which runs app-1');
      await terraform.open(app, everything);
      return { groupId: app, because: 'in use and wider than SSH: told, a person decides' };
    },
  },
  {
    title: 'IPv6 counts too',
    async play({ ana }, timeline) {
      const v6 = await ana.group('v6-only');
      timeline.line('ana', 'opens tcp 22 of v6-only to ::/0');
      await ana.open(v6, tcp(22, '::/0'));
      return undefined;
    },
  },
  {
    title: 'Two halves are the world',
    async play({ ana }, timeline) {
      const halves = await ana.group('halves');
      timeline.line('ana', 'opens tcp 22 of halves to 0.0.0.0/1 and 128.0.0.0/1');
      await ana.open(halves, tcp(22, '0.0.0.0/1', '128.0.0.0/1'));
      return undefined;
    },
  },
  {
    title: 'The office stays connected',
    async play({ ana }, timeline) {
      const office = await ana.group('office');
      timeline.line('ana', 'opens tcp 22 of office to 198.51.100.7/32');
      await ana.open(office, tcp(22, '198.51.100.7/32'));
      return undefined;
    },
  },
  {
    title: 'A bastion that is exempt, with a ticket and an end',
    async play({ ops }, timeline) {
      const bastion = await ops.group('bastion', [{ Key: 'reeve:exempt', Value: 'OPS-77 until 2026-12-31' }]);
      timeline.line('ops', 'opens tcp 22 of bastion to 0.0.0.0/0; it is tagged reeve:exempt');
      await ops.open(bastion, tcp(22, '0.0.0.0/0'));
      return { groupId: bastion, because: 'exempt: OPS-77 until 2026-12-31' };
    },
  },
  {
    title: 'A prefix list is changed: no group was touched, yet one is open now',
    async play({ ana, terraform }, timeline) {
      const partners = await terraform.list('partners', '198.51.100.0/24');
      const sftp = await ana.group('sftp');
      await ana.open(sftp, {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        PrefixListIds: [{ PrefixListId: partners }],
      });
      timeline.line('terraform', 'adds 0.0.0.0/0 to the prefix list partners, which sftp allows on tcp 22');
      await terraform.addToList(partners, '0.0.0.0/0');
      return undefined;
    },
  },
];

/** Plays all scenes, some minutes apart, and tells which groups are meant to stay open. */
export async function play(
  sandbox: Sandbox,
  timeline: Timeline,
  watching: Witness,
): Promise<readonly LeftOpen[]> {
  const { clock } = sandbox.world;
  const people: People = {
    ana: await employee(sandbox, 'ana'),
    terraform: await employee(sandbox, 'terraform'),
    ops: await employee(sandbox, 'ops'),
  };
  const open: LeftOpen[] = [];
  for (const scene of scenes) {
    timeline.scene(scene.title);
    const left = await scene.play(people, timeline);
    if (left !== undefined) open.push(left);
    await clock.settle();
    await watching.readMail();
    await clock.advance(5 * 60_000);
  }
  timeline.scene('The sweep looks at everything again, for what events may have missed');
  await clock.advance(new Date(clock.now()).setUTCHours(10, 15) - clock.now());
  await watching.readMail();
  return open;
}
