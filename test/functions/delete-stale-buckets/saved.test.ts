import { expect, it } from 'vitest';
import { judge } from '../../../functions/delete-stale-buckets/judge.ts';
import { readSaved, saved } from '../../../functions/delete-stale-buckets/saved.ts';
import { NOW, set } from './builders.ts';

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const old = {
  Buckets: [{ Name: 'old-logs', CreationDate: '2021-01-01T00:00:00+00:00' }],
  Versions: [
    {
      Key: 'a',
      LastModified: '2022-01-01T00:00:00+00:00',
      IsLatest: true,
      Size: 5,
      StorageClass: 'STANDARD',
    },
  ],
  Uploads: null,
  TagSet: null,
  Policy: null,
};

function told(answer: object): string {
  const [one] = readSaved(saved.parse(JSON.parse(JSON.stringify(answer))), place);
  if (one === undefined) throw new Error('nothing was read');
  const { verdict, reasonCode, reason } = judge(one.resource, one.facts, set(), NOW);
  return `${verdict} ${reasonCode}: ${reason}`;
}

it.each<{ when: string; answer: object; says: RegExp }>([
  {
    when: 'a fresh object',
    answer: { ...old, Versions: [{ Key: 'a', LastModified: '2026-11-01T00:00:00+00:00' }] },
    says: /^compliant in-use/,
  },
  {
    when: 'a stack',
    answer: { ...old, TagSet: [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }] },
    says: /^compliant stack/,
  },
  { when: 'a website', answer: { ...old, IndexDocument: { Suffix: 'index.html' } }, says: /^exempt website/ },
  {
    when: 'MFA Delete',
    answer: { ...old, Status: 'Enabled', MFADelete: 'Enabled' },
    says: /^exempt mfa-delete/,
  },
  {
    when: 'a young upload',
    answer: { ...old, Uploads: [{ Initiated: '2026-11-01T00:00:00+00:00' }] },
    says: /^compliant in-use/,
  },
  {
    when: 'answers that are missing',
    answer: old,
    says: /^unknown objectLock-unreadable: .*not in the saved answers/,
  },
  { when: 'no tags at all', answer: { ...old, TagSet: undefined }, says: /^unknown tags-unreadable/ },
  {
    when: 'no listing of uploads',
    answer: { ...old, Uploads: undefined },
    says: /^unknown life-unknown: .*list-multipart-uploads/,
  },
  { when: 'no listing', answer: { ...old, Versions: undefined }, says: /^unknown life-unknown/ },
])('B4.18 saved answers with $when', ({ answer, says }) => {
  expect(told(answer)).toMatch(says);
});

it('B4.18 never ask for an action: who refers to the bucket is not in them', () => {
  const all = {
    ...old,
    Grants: [],
    Owner: { ID: 'me' },
    ObjectLockConfiguration: null,
    ReplicationConfiguration: null,
    Status: null,
    IndexDocument: null,
    Rules: null,
  };
  expect(told(all)).toMatch(/^unknown notification-unreadable: .*no saved answer tells/);
});

it('are of one bucket', () => {
  expect(saved.safeParse({ ...old, Buckets: [] }).success).toBe(false);
  expect(saved.safeParse({ Versions: [] }).success).toBe(false);
});
