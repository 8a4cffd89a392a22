import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { calls } from '../../../functions/delete-stale-buckets/calls.ts';
import { reading, writing } from '../../../functions/delete-stale-buckets/policy.ts';

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
    readonly setting: string;
    readonly is: string;
    readonly rights: readonly Statement[];
  }[];
} = parse(text, { logLevel: 'silent' });
const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action).toSorted();

it('B6.11 the role grants what stands beside the verbs that it reads with, no more and no less', () => {
  expect(actionsOf(own.rights)).toEqual(reading);
});

it('B6.11 marking and deleting is granted only in mode enforce', () => {
  expect(own.rightsWhen.map(({ setting, is }) => `${setting} ${is}`)).toEqual(['mode enforce']);
  expect(actionsOf(own.rightsWhen.flatMap((each) => each.rights))).toEqual(writing);
});

it('never may bypass a lock, change a lock or versioning, or pass a role', () => {
  for (const action of [...reading, ...writing]) {
    expect(action).not.toMatch(/Bypass|PutBucketVersioning|ObjectLock$|Retention|LegalHold|^iam:|\*/);
  }
});

it('listens to every call that the policy reads', () => {
  const names = own.triggers.flatMap(({ pattern }) => pattern.detail.eventName);
  expect(names.toSorted()).toEqual(Object.keys(calls).toSorted());
});
