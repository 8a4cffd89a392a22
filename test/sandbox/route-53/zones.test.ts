import * as route53 from '@aws-sdk/client-route-53';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox } from '../../../sandbox/sandbox.ts';

let client: route53.Route53Client;
beforeEach(() => {
  client = new route53.Route53Client({ ...createSandbox().clientConfig(), maxAttempts: 1 });
});

async function newZone(Name = 'example.com', CallerReference = Name): Promise<string> {
  const { HostedZone } = await client.send(new route53.CreateHostedZoneCommand({ Name, CallerReference }));
  return HostedZone?.Id ?? '';
}

const change = (HostedZoneId: string, ...changes: [route53.ChangeAction, route53.ResourceRecordSet][]) =>
  client.send(
    new route53.ChangeResourceRecordSetsCommand({
      HostedZoneId,
      ChangeBatch: { Changes: changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet })) },
    }),
  );
const records = (HostedZoneId: string, more: Partial<route53.ListResourceRecordSetsCommandInput> = {}) =>
  client.send(new route53.ListResourceRecordSetsCommand({ HostedZoneId, ...more }));
const address = (Name: string, Value = '198.51.100.7'): route53.ResourceRecordSet => ({
  Name,
  Type: 'A',
  TTL: 300,
  ResourceRecords: [{ Value }],
});
const website: route53.ResourceRecordSet = {
  Name: 'pictures.example.com',
  Type: 'A',
  AliasTarget: {
    HostedZoneId: 'Z1BKCTXD74EZPE',
    DNSName: 's3-website-eu-west-1.amazonaws.com.',
    EvaluateTargetHealth: false,
  },
};

it('a zone begins with its own records, and its id has a prefix', async () => {
  const id = await newZone();
  const { HostedZones } = await client.send(new route53.ListHostedZonesCommand({}));

  expect(id).toMatch(/^\/hostedzone\/Z[0-9A-F]+$/);
  expect(HostedZones).toMatchObject([{ Id: id, Name: 'example.com.', ResourceRecordSetCount: 2 }]);
  expect((await records(id)).ResourceRecordSets?.map(({ Type }) => Type)).toEqual(['NS', 'SOA']);
});

it('B4.19 an alias to a website names the bucket', async () => {
  const id = await newZone();
  await change(id, ['CREATE', website]);
  const { ResourceRecordSets = [] } = await records(id);

  expect(ResourceRecordSets.at(-1)).toEqual({ ...website, Name: 'pictures.example.com.' });
});

it('B1.55 an address of an instance is found by name', async () => {
  const id = await newZone();
  await change(
    id,
    ['UPSERT', address('app.example.com')],
    ['UPSERT', address('app.example.com', '203.0.113.9')],
  );
  const { ResourceRecordSets } = await records(id, { StartRecordName: 'app.example.com', MaxItems: 1 });

  expect(ResourceRecordSets).toEqual([address('app.example.com.', '203.0.113.9')]);
});

it('pages go on where the next record begins', async () => {
  const id = await newZone();
  for (const name of ['b', 'a', 'a.c', '*']) await change(id, ['CREATE', address(`${name}.example.com`)]);
  const first = await records(id, { MaxItems: 4 });
  const second = await records(id, {
    StartRecordName: first.NextRecordName,
    StartRecordType: first.NextRecordType,
  });
  const names = [...(first.ResourceRecordSets ?? []), ...(second.ResourceRecordSets ?? [])];

  expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
  expect(names.map(({ Name }) => Name)).toEqual([
    'example.com.',
    'example.com.',
    '\\052.example.com.',
    'a.example.com.',
    'b.example.com.',
    'a.c.example.com.',
  ]);
});

it('a batch is done as a whole or not at all', async () => {
  const id = await newZone();
  const batch = change(id, ['CREATE', address('a.example.com')], ['DELETE', address('absent.example.com')]);

  await expect(batch).rejects.toMatchObject({
    name: 'InvalidChangeBatch',
    messages: [expect.stringContaining('it was not found')],
  });
  expect((await records(id)).ResourceRecordSets).toHaveLength(2);
});

it('a zone is deleted once it is empty', async () => {
  const Id = await newZone();
  await change(Id, ['CREATE', address('a.example.com')]);
  const remove = () => client.send(new route53.DeleteHostedZoneCommand({ Id }));
  await expect(remove()).rejects.toMatchObject({ name: 'HostedZoneNotEmpty' });
  await change(Id, ['DELETE', address('a.example.com')]);
  await remove();

  expect((await client.send(new route53.ListHostedZonesCommand({}))).HostedZones).toEqual([]);
});

it.each<[string, (id: string) => Promise<unknown>]>([
  ['NoSuchHostedZone', () => records('Z000')],
  ['HostedZoneAlreadyExists', () => newZone('other.example.com', 'example.com')],
  ['InvalidDomainName', () => newZone('exa mple.com')],
  ['InvalidChangeBatch', (id) => change(id, ['CREATE', address('a.example.org')])],
  ['InvalidChangeBatch', (id) => change(id, ['CREATE', { Name: 'a.example.com', Type: 'A' }])],
  ['InvalidChangeBatch', (id) => change(id, ['DELETE', { ...website, Name: 'example.com' }])],
  ['InvalidInput', (id) => records(id, { StartRecordType: 'A' })],
  ['NotImplemented', (id) => change(id, ['CREATE', { ...address('a.example.com'), HealthCheckId: 'x' }])],
])('%s', async (name, act) => {
  const id = await newZone();

  await expect(act(id)).rejects.toMatchObject({ name });
});
