import { readFileSync } from 'node:fs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { calls } from '../../../functions/delete-stale-buckets/calls.ts';
import { archiving, reading, readingLogs, writing } from '../../../functions/delete-stale-buckets/policy.ts';

import { Attic } from './attic.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const text = readFileSync(
  new URL('../../../functions/delete-stale-buckets/function.yml', import.meta.url),
  'utf8',
);
const own: {
  readonly triggers: readonly {
    readonly pattern: { readonly detail: { readonly eventName: readonly string[] } };
  }[];
  readonly rights: readonly Statement[];
  readonly rightsWhen: readonly {
    readonly setting?: string;
    readonly is?: string;
    readonly where?: string;
    readonly rights: readonly Statement[];
  }[];
} = parse(text, { logLevel: 'silent' });
const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action).toSorted();

it('B6.11 the role grants what stands beside the verbs that it reads with, no more and no less', () => {
  expect(actionsOf(own.rights)).toEqual(reading);
});

it('B6.11 marking and deleting is granted only in mode enforce, copying only with an archive', () => {
  const granted = own.rightsWhen.map(({ setting = '', is = '', where = '', rights }) => [
    `${setting} ${is} ${where}`.trim(),
    actionsOf(rights),
  ]);
  expect(granted).toEqual([
    ['mode enforce', writing],
    ['logBuckets', readingLogs],
    ['mode enforce archiveBucket', archiving],
  ]);
});

it('B4.48 writes copies nowhere but into the archive bucket', () => {
  const writes = own.rightsWhen
    .flatMap(({ rights }) => rights)
    .filter(({ Action }) => /PutObject/.test(String(Action)));
  expect(writes.map(({ Resource }) => Resource)).toEqual([
    expect.stringMatching(/:s3:::<archiveBucket>\/\*$/),
  ]);
});

it('never may bypass a lock, change a lock or versioning, or pass a role', () => {
  for (const action of [...reading, ...writing, ...archiving]) {
    expect(action).not.toMatch(/Bypass|PutBucketVersioning|ObjectLock$|Retention|LegalHold|^iam:|\*/);
  }
});

it('listens to every call that the policy reads', () => {
  const names = own.triggers.flatMap(({ pattern }) => pattern.detail.eventName);
  expect(names.toSorted()).toEqual(Object.keys(calls).toSorted());
});

it('B6.11 with these rights and no others a bucket goes all its way', async () => {
  const attic = new Attic();
  const iam = new IAMClient(attic.sandbox.clientConfig());
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new CreateRoleCommand({ RoleName: 'reeve', AssumeRolePolicyDocument: document(trust) }));
  const PolicyDocument = document({ Effect: 'Allow', Action: [...reading, ...writing], Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'reeve', PolicyName: 'own', PolicyDocument }));
  attic.role = 'reeve';
  attic.stale('old-logs', 1500, {}, { versioning: 'Enabled' });
  attic.stale(
    'kept.example.com',
    3,
    { key: (index) => `odd${index}\u0001` },
    { tags: { 'reeve:referenced-by': 'x' } },
  );

  await attic.sweep();
  await attic.days(15);
  const report = await attic.sweep();

  expect(report.counts).toMatchObject({ done: 2, failed: 0, unknown: 0 });
  expect(attic.exists('old-logs')).toBe(false);
  expect(attic.state('kept.example.com').versions.isEmpty).toBe(true);
});
