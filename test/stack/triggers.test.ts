import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuthorizeSecurityGroupIngressCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { BusEvent } from '../../sandbox/core/world.ts';
import { permission } from '../functions/revoke-open-ssh/office.ts';
import { Company, PACKAGING_MS } from './company.ts';

let company: Company;
beforeAll(async () => {
  company = await Company.open();
}, PACKAGING_MS);
afterAll(async () => {
  const denied = company.denied();
  await company.close();
  expect(denied).toEqual([]);
});
beforeEach(() => company.world.forgetCalls());

const SSH = 'tcp 22 0.0.0.0/0';

/** One of the sample events, about this group or instance instead of the sample's own. */
function sample(name: string, id: string): BusEvent {
  const text = readFileSync(join(import.meta.dirname, '../../events', `${name}.json`), 'utf8');
  const kind = id.split('-')[0];
  return JSON.parse(text.replaceAll(new RegExp(`\\b${kind}-[0-9a-f]{17}\\b`, 'g'), id));
}

it('B3.51 the hourly sweep closes what no event told of', async () => {
  const id = await company.unseen(() => company.group([SSH, 'tcp 443 0.0.0.0/0']));
  await company.settle();
  expect(await company.standing(id)).toContain(SSH);

  await company.advance(75);
  expect(await company.standing(id)).toEqual(['tcp 443 0.0.0.0/0']);
  expect(company.mails().at(-1)?.message).toContain('Set off by sweep');
});

it('B5.10 a GuardDuty finding about an instance closes its groups', async () => {
  const id = await company.unseen(async () => company.group([SSH]));
  const { Instances = [] } = await company.unseen(() =>
    company.ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0123456789abcdef0',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [id],
      }),
    ),
  );
  await company.emit(sample('guardduty.ssh-brute-force', Instances[0]?.InstanceId ?? ''));
  expect(await company.standing(id)).toEqual([]);
});

it.each(['config.noncompliant', 'securityhub.imported'])(
  'B5.8 B5.10 a finding of another tool (%s) is checked against the group itself',
  async (name) => {
    const open = await company.unseen(() => company.group([SSH]));
    const fine = await company.unseen(() => company.group(['tcp 22 203.0.113.0/24']));

    await company.emit(sample(name, open));
    await company.emit(sample(name, fine));

    expect(await company.standing(open)).toEqual([]);
    expect(await company.standing(fine)).toEqual(['tcp 22 203.0.113.0/24']);
  },
);

it('B5.10 a sample finding asks for nothing', async () => {
  const before = company.logged('Run').length;
  await company.emit(sample('guardduty.sample', 'i-0a1b2c3d4e5f60718'));
  expect(company.logged('Asks for nothing').at(-1)).toBeDefined();
  expect(company.logged('Run')).toHaveLength(before);
});

it('B3.33 a refused call and a dry run set nothing off, a duplicate is checked', async () => {
  const id = await company.unseen(() => company.group([SSH]));
  const before = company.logged('Run').length;
  const ask = { GroupId: id, IpPermissions: [permission(SSH)] };
  const dryRun = company.ec2.send(new AuthorizeSecurityGroupIngressCommand({ ...ask, DryRun: true }));
  await expect(dryRun).rejects.toMatchObject({ name: 'DryRunOperation' });
  await company.settle();
  expect(company.logged('Run')).toHaveLength(before);

  const again = company.ec2.send(new AuthorizeSecurityGroupIngressCommand(ask));
  await expect(again).rejects.toMatchObject({ name: 'InvalidPermission.Duplicate' });
  await company.settle();
  expect(await company.standing(id)).toEqual([]);
});

it('B6.14 an event that somebody made up harms nothing that is in order', async () => {
  const office = await company.group(['tcp 22 203.0.113.0/24', 'tcp 443 0.0.0.0/0']);
  await company.settle();
  company.world.forgetCalls();

  const forged = sample('revoke-open-ssh.authorize-ingress', office);
  expect(await company.invoke(forged)).toMatchObject({
    answer: { runs: [{ counts: { compliant: 1, violations: 0 } }] },
  });
  expect(await company.standing(office)).toEqual(['tcp 22 203.0.113.0/24', 'tcp 443 0.0.0.0/0']);
  expect(company.calls()).not.toContain('RevokeSecurityGroupIngress');

  const bus = new EventBridgeClient(company.sandbox.clientConfig({ user: 'ana' }));
  const { Entries } = await bus.send(
    new PutEventsCommand({
      Entries: [
        { Source: 'aws.ec2', DetailType: forged['detail-type'], Detail: JSON.stringify(forged.detail) },
      ],
    }),
  );
  expect(Entries).toMatchObject([{ ErrorCode: 'NotAuthorizedForSourceException' }]);
});

it('B3.50 B6.3 above its cap a sweep does the most it may, and the queue brings the rest later', async () => {
  const groups = await company.unseen(() =>
    Promise.all(Array.from({ length: 14 }, () => company.group([SSH]))),
  );
  const open = async (): Promise<number> => {
    const standing = await Promise.all(groups.map((id) => company.standing(id)));
    return standing.filter((rules) => rules.includes(SSH)).length;
  };
  await company.invoke({ reeve: 'sweep' });
  const [run] = company.logged('Run').slice(-1);
  const left = await open();
  expect(run).toMatchObject({ state: 'partial', counts: { violations: 14, done: 14 - left, queued: left } });
  expect(left).toBeGreaterThan(0);
  expect(company.waiting('RevokeOpenSshWork')).toHaveLength(1);
  expect(company.mails().at(-1)?.message).toContain('The cap was reached');

  await company.advance(14);
  expect(await open()).toBe(left);
  // What is still over the cap of the second run is queued once more.
  await company.advance(20);
  expect(await open()).toBe(0);
  expect(company.waiting('RevokeOpenSshWork')).toEqual([]);
});
