import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { policy } from '../../../functions/delete-stale-buckets/policy.ts';
import { undoRights } from '../../../functions/delete-stale-buckets/undo.ts';
import { wayBack } from '../../../functions/delete-stale-buckets/way-back.ts';
import { seededBucket } from '../../../sandbox/services/s3/seed.ts';
import type { Acted } from '../../../shared/engine/policy.ts';
import { endings, takeBackIn } from '../../support/take-back.ts';
import { Attic } from './attic.ts';

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::old-logs/*',
    },
  ],
});
const CORS = { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://example.com'] }] };

/** A bucket that was archived and deleted (or emptied and kept). */
async function emptied(settings: object = {}, change: (attic: Attic) => void = () => undefined) {
  const attic = new Attic();
  attic.settings = { archiveBucket: 'vault', archiveClass: 'GLACIER_IR', tombstone: 'never', ...settings };
  attic.bucket('vault');
  const details = { given: { Metadata: { by: 'ana' } }, tags: [{ Key: 'k', Value: 'v' }] };
  attic.stale('old-logs', 5, { details }, { versioning: 'Enabled', tags: { team: 'a' } });
  attic.fill('old-logs', 2, { details });
  Object.assign(attic.state('old-logs').configurations, { policy: POLICY, cors: CORS });
  change(attic);
  await attic.sweep();
  await attic.days(15);
  await attic.sweep();
  return attic;
}

function undo(attic: Attic, remainingMs = () => 900_000): Promise<Acted | undefined> {
  const entry = attic.journal.entries.find(({ action }) => action.startsWith('empty'));
  const before = JSON.parse(JSON.stringify(entry?.before ?? null));
  return policy.undo?.(before, null, { ...attic.around, remainingMs }) ?? Promise.resolve(undefined);
}

it.each(['ListBuckets', 'CreateBucket'])(
  'B6.18 what somebody makes under its name before %s is not told as taken back, now or later',
  async (operation) => {
    const attic = await emptied();
    const effect = async () => void attic.bucket('old-logs');
    attic.world.faults.add({
      operation,
      kind: 'run',
      effect,
      times: 1,
      after: operation === 'ListBuckets' ? 1 : 0,
    });
    const { id = '' } = attic.journal.entries.find(({ action }) => action.startsWith('empty')) ?? {};
    expect(endings((await takeBackIn(attic, wayBack, id)).report)).toEqual([['old-logs', 'changed']]);
    expect(endings((await takeBackIn(attic, wayBack, id)).report)).toEqual([['old-logs', 'changed']]);
    expect(attic.keysIn('old-logs')).toEqual([]);
  },
);

describe('B4.49 undo of a deletion brings the bucket back from its archive', () => {
  it('with its settings, tags and objects, and says what is not there', async () => {
    const attic = await emptied();
    expect(attic.exists('old-logs')).toBe(false);
    const acted = await undo(attic);

    expect(acted).toMatchObject({
      result: 'done',
      after: { bucket: 'old-logs', objects: 5, bytes: 5 * 1024 },
      attention: [
        expect.stringContaining('older versions and delete markers are not there'),
        expect.stringContaining('s3://vault/reeve/old-logs/'),
      ],
    });
    const { versioning, configurations, versions } = attic.state('old-logs');
    expect(versioning).toBe('Enabled');
    expect(configurations).toMatchObject({ policy: POLICY, cors: CORS });
    expect(attic.tags('old-logs')).toEqual({ team: 'a' });
    expect(attic.keysIn('old-logs')).toHaveLength(5);
    expect(versions.newest('object-0000000')).toMatchObject({
      storageClass: 'STANDARD',
      details: { given: { Metadata: { by: 'ana' } }, tags: [{ Key: 'k', Value: 'v' }] },
    });
  });

  it('is not done where copies are missing: says how many, brings back the rest, and can be asked again', async () => {
    const attic = await emptied();
    const { versions } = attic.state('vault');
    const copies = [...versions.index.walk()].filter(({ key }) => key.includes('/objects/'));
    for (const one of copies.slice(0, 2)) versions.remove(one);
    const incomplete = {
      result: 'failed',
      code: 'incomplete',
      reason: expect.stringMatching(/2 of 5 objects .* missing .* 3072 of 5120 bytes/),
    };
    expect(await undo(attic)).toMatchObject(incomplete);
    expect(attic.keysIn('old-logs')).toHaveLength(3);
    expect(attic.state('old-logs').configurations).toMatchObject({ policy: POLICY, cors: CORS });
    expect(await undo(attic)).toMatchObject(incomplete);
  });

  it.each(['{}', '{"bucket":"other"}', 'x'])('refuses what is no manifest of it: %s', async (Body) => {
    const attic = await emptied();
    const Key = attic.keysIn('vault').find((key) => key.endsWith('manifest.json'));
    await attic.s3.send(new PutObjectCommand({ Bucket: 'vault', Key, Body }));
    expect(await undo(attic)).toMatchObject({ result: 'failed', code: 'no-archive' });
    expect(attic.exists('old-logs')).toBe(false);
  });

  it('of a kept name fills the bucket again', async () => {
    const attic = await emptied({ tombstone: 'always' });
    expect(attic.state('old-logs').configurations.policy).toContain('ReeveTombstone');
    expect(await undo(attic)).toMatchObject({ result: 'done', after: { objects: 5 } });
    expect(attic.state('old-logs').configurations.policy).toBe(POLICY);
    expect(attic.tags('old-logs')).toEqual({ team: 'a' });
  });

  it('carries on where it was interrupted, whenever that was', async () => {
    const attic = await emptied();
    let asked = 0;
    expect(await undo(attic, () => (++asked > 2 ? 1 : 900_000))).toMatchObject({
      result: 'unfinished',
      reason: expect.stringContaining('Undo it again'),
    });
    expect(attic.tags('old-logs')).toHaveProperty('reeve:restoring');
    expect(await undo(attic)).toMatchObject({ result: 'done', after: { objects: 5 } });
    expect(attic.world.calls.filter(({ operation }) => operation === 'CreateBucket')).toHaveLength(1);
  });

  it.each([
    ['loses the answer of CreateBucket', 'CreateBucket', 'timeout-after', ['done']],
    ['breaks off right after it', 'GetBucketTagging', 'denied', ['failed', 'done']],
  ] as const)('knows the bucket that it made where it %s', async (_when, operation, kind, ends) => {
    const attic = await emptied();
    const fault = attic.world.faults.add({ operation, kind, times: 1 });
    for (const end of ends) expect(await undo(attic)).toMatchObject({ result: end });
    expect(fault.struck()).toBe(1);
    expect(attic.keysIn('old-logs')).toHaveLength(5);
    expect(attic.tags('old-logs')).toEqual({ team: 'a' });
  });

  it('waits for Deep Archive, and goes on after two days', async () => {
    const attic = await emptied({ archiveClass: 'DEEP_ARCHIVE' });
    const first = await undo(attic);
    expect(first).toMatchObject({
      result: 'unfinished',
      reason: expect.stringMatching(/^5 of 5 objects are asked back from Glacier/),
    });
    await attic.days(1);
    expect(await undo(attic)).toMatchObject({ result: 'unfinished' });
    await attic.days(1);
    expect(await undo(attic)).toMatchObject({ result: 'done', after: { objects: 5 } });
  });

  it('puts back the lifecycle rules of others, none of ours, with their dates', async () => {
    const Rules = [
      { ID: 'own', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Date: new Date('2030-01-01') } },
      { ID: 'reeve-empty-objects', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 3000 } },
    ];
    const attic = await emptied({}, ({ world }) => {
      Object.assign(seededBucket(world, 'old-logs').configurations, { lifecycle: { Rules } });
    });
    expect(await undo(attic)).toMatchObject({ result: 'done' });
    expect(attic.state('old-logs').configurations.lifecycle?.Rules).toMatchObject([Rules[0]]);
  });

  it('a setting that cannot be put back is told, and stops nothing', async () => {
    const attic = await emptied();
    attic.world.faults.add({ operation: 'PutBucketPolicy', kind: 'denied' });
    const acted = await undo(attic);
    expect(acted).toMatchObject({
      result: 'done',
      attention: expect.arrayContaining([
        expect.stringMatching(/only in the journal: policy \(AccessDenied/),
      ]),
    });
    expect(attic.state('old-logs').configurations.cors).toEqual(CORS);
  });

  /** A giant that a rule empties, archived before; the rule has taken its last ten objects. */
  async function ruled() {
    const attic = new Attic();
    attic.settings = {
      archiveBucket: 'vault',
      archiveClass: 'GLACIER_IR',
      ...{ listPages: 1, windowDays: 30, unknownAccessDays: 30, giantObjects: 1000 },
    };
    attic.bucket('vault');
    const turned = (index: number) => (index === 1190 ? '\u202e' : '');
    const key = (index: number) => (index < 1190 ? `gone-${index}` : `object-${index}${turned(index)}`);
    attic.stale('old-logs', 1200, { key }, { versioning: 'Enabled' });
    // All but ten have been copied already.
    attic.fill('vault', 1190, { key: (index) => `reeve/old-logs/20261212T080000Z/objects/gone-${index}` });
    await attic.days(40);
    await attic.sweep();
    await attic.days(15);
    await attic.sweep();
    expect(attic.tags('old-logs')).toHaveProperty('reeve:emptying');
    const { versions } = attic.state('old-logs');
    for (const one of [...versions.index.walk()]) if (one.key.startsWith('object-')) versions.remove(one);
    return attic;
  }

  it('of a rule takes it off and copies back what it has taken; without it the next sweep starts anew', async () => {
    const attic = await ruled();
    expect(await undo(attic)).toMatchObject({ result: 'done', after: { objects: 1200, copied: 10 } });
    expect(attic.keysIn('old-logs')).toHaveLength(1200);
    expect(attic.state('old-logs').configurations.lifecycle).toBeUndefined();
    expect(attic.tags('old-logs')).not.toHaveProperty('reeve:emptying');
  });

  it('of a rule is not done where copies are missing, and keeps its tag', async () => {
    const attic = await ruled();
    const { versions } = attic.state('vault');
    for (const one of [...versions.index.walk()].filter(({ key }) => key.includes('/objects/object-119')))
      versions.remove(one);
    expect(await undo(attic)).toMatchObject({ result: 'failed', code: 'incomplete' });
    expect(attic.tags('old-logs')).toHaveProperty('reeve:emptying');
  });

  it('B6.18 of a rule keeps what somebody has written over since, names it, and copies back the rest', async () => {
    const attic = await ruled();
    const rewritten = ['object-1190\u202e', 'object-1191', 'object-1192', 'object-1193'];
    for (const Key of rewritten) {
      await attic.s3.send(new PutObjectCommand({ Bucket: 'old-logs', Key, Body: 'new' }));
    }
    const acted = await undo(attic);
    expect(acted).toMatchObject({
      result: 'done',
      after: { objects: 1200, copied: 6, kept: 4 },
      attention: expect.arrayContaining([
        expect.stringMatching(
          /^4 objects .* were kept .*"object-1190", "object-1191", "object-1192" and 1 more\./,
        ),
      ]),
    });
    expect(attic.keysIn('old-logs')).toHaveLength(1200);
    const { versions } = attic.state('old-logs');
    expect(rewritten.map((key) => versions.newest(key)?.size)).toEqual([3, 3, 3, 3]);
    expect(attic.tags('old-logs')).not.toHaveProperty('reeve:emptying');
  });

  it('B6.11 with these rights and no others', async () => {
    const attic = await emptied({ archiveClass: 'DEEP_ARCHIVE' });
    const iam = new IAMClient(attic.sandbox.clientConfig());
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new CreateRoleCommand({ RoleName: 'undo', AssumeRolePolicyDocument: document(trust) }));
    const PolicyDocument = document({ Effect: 'Allow', Action: undoRights, Resource: '*' });
    await iam.send(new PutRolePolicyCommand({ RoleName: 'undo', PolicyName: 'own', PolicyDocument }));
    attic.role = 'undo';
    attic.forgetAccess();
    await undo(attic);
    await attic.days(2);
    expect(await undo(attic)).toMatchObject({ result: 'done', after: { objects: 5 } });
  });

  it.each<{ when: string; before: (attic: Attic) => void; code: string }>([
    { when: 'somebody made it again', before: (attic) => void attic.bucket('old-logs'), code: 'changed' },
    {
      when: 'somebody makes it at that moment',
      before: (attic) => {
        const effect = async () => void attic.bucket('old-logs');
        attic.world.faults.add({ operation: 'CreateBucket', kind: 'run', effect, times: 1 });
      },
      code: 'changed',
    },
    {
      when: 'a stranger has the name',
      before: (attic) => {
        attic.world.addAccount({ id: '999900001111', regions: ['eu-west-1'] });
        attic.bucket('old-logs', { account: '999900001111' });
      },
      code: 'BucketAlreadyExists',
    },
    {
      when: 'the archive has no manifest',
      before: (attic) => {
        const { versions } = attic.state('vault');
        for (const one of [...versions.index.walk()])
          if (one.key.endsWith('manifest.json')) versions.remove(one);
      },
      code: 'no-archive',
    },
    {
      when: 'the archive bucket is gone',
      before: (attic) => void attic.world.faults.add({ operation: 'GetBucketPolicy', kind: 'denied' }),
      code: 'no-archive',
    },
    {
      when: 'its encryption cannot be put back',
      before: (attic) => void attic.world.faults.add({ operation: 'PutBucketVersioning', kind: 'denied' }),
      code: 'not-configured',
    },
  ])('B6.18 refuses when $when, and says so', async ({ before, code }) => {
    const attic = await emptied();
    before(attic);
    expect(await undo(attic)).toMatchObject({ result: 'failed', code });
    const stands = attic.exists('old-logs') ? attic.keysIn('old-logs') : [];
    expect(stands).toEqual([]);
  });
});
