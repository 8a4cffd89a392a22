import { describe, expect, it } from 'vitest';
import { policy } from '../../../functions/delete-stale-buckets/policy.ts';
import type { Json } from '../../../shared/engine/verdict.ts';
import { Attic } from './attic.ts';

/** As the journal gives it back. */
const journaled = (attic: Attic): Json =>
  JSON.parse(JSON.stringify(attic.journal.entries.at(-1)?.before ?? null));
const undo = (attic: Attic) => policy.undo?.(journaled(attic), null, attic.around);

const OWN_POLICY = JSON.stringify({
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

describe('B4.49 undo', () => {
  it('of a mark takes the mark off', async () => {
    const attic = new Attic();
    attic.stale('old-logs', 3, {}, { tags: { team: 'a' } });
    await attic.sweep();
    expect(await undo(attic)).toMatchObject({ result: 'done' });
    expect(attic.tags('old-logs')).toEqual({ team: 'a' });
    expect(await undo(attic)).toMatchObject({ result: 'done' });
  });

  it('of a mark that was alone leaves no tags', async () => {
    const attic = new Attic();
    attic.stale('old-logs');
    await attic.sweep();
    expect(await undo(attic)).toMatchObject({ result: 'done' });
    expect(attic.tags('old-logs')).toEqual({});
  });

  it('of a cancelled mark says why it is not set again, and the next sweep does', async () => {
    const attic = new Attic();
    attic.stale('old-logs');
    await attic.sweep();
    attic.state('old-logs').configurations.website = { IndexDocument: { Suffix: 'a' } };
    await attic.days(1);
    await attic.sweep();
    expect(attic.tags('old-logs')).toEqual({});
    expect(await undo(attic)).toMatchObject({
      code: 'not-undoable',
      reason: expect.stringContaining('the next sweep marks it anew'),
    });
    delete attic.state('old-logs').configurations.website;
    await attic.sweep();
    expect(attic.tags('old-logs')).toHaveProperty('reeve:delete-after', '2026-11-17T08:00:00.000Z');
    await attic.days(15);
    await attic.sweep();
    expect(attic.exists('old-logs')).toBe(false);
  });

  it('of a deletion says plainly that there is none, and the journal holds the configuration', async () => {
    const attic = new Attic();
    attic.stale('old-logs', 3, {}, { versioning: 'Enabled' });
    await attic.sweep();
    await attic.days(15);
    await attic.sweep();
    expect(attic.journal.entries.at(-1)?.undo).toMatch(/^Deleted objects cannot be brought back/);
    expect(journaled(attic)).toMatchObject({ configuration: { versioning: { Status: 'Enabled' }, acl: {} } });
    expect(await undo(attic)).toMatchObject({
      result: 'failed',
      code: 'not-undoable',
      reason: expect.stringContaining('cannot be brought back'),
    });
  });

  it.each([undefined, OWN_POLICY])('of a tombstone puts the policy back: %j', async (text) => {
    const attic = new Attic();
    attic.settings = { tombstone: 'always' };
    attic.stale('old-logs');
    if (text !== undefined) attic.state('old-logs').configurations.policy = text;
    await attic.sweep();
    await attic.days(15);
    await attic.sweep();
    expect(attic.state('old-logs').configurations.policy).toContain('ReeveTombstone');
    expect(await undo(attic)).toMatchObject({
      result: 'done',
      after: { objects: 'cannot be brought back' },
    });
    expect(attic.state('old-logs').configurations.policy).toBe(text);
    expect(attic.tags('old-logs')).toEqual({});
  });

  it('of a rule takes the rule away', async () => {
    const attic = new Attic();
    attic.settings = { listPages: 1, windowDays: 30, unknownAccessDays: 30, giantObjects: 1500 };
    attic.stale('huge', 2500, {}, { versioning: 'Enabled' });
    await attic.days(40);
    await attic.sweep();
    await attic.days(15);
    await attic.sweep();
    expect(attic.tags('huge')).toHaveProperty('reeve:emptying');
    expect(await undo(attic)).toMatchObject({ result: 'done' });
    expect(attic.state('huge').configurations.lifecycle).toBeUndefined();
    expect(attic.tags('huge')).not.toHaveProperty('reeve:emptying');
  });

  it('of what is gone, or may not be touched, says so', async () => {
    const attic = new Attic();
    const before = { bucket: 'nowhere', action: 'mark' };
    expect(await policy.undo?.(before, null, attic.around)).toMatchObject({ result: 'gone' });
    attic.stale('old-logs', 3, {}, { tags: { 'reeve:marked': 'x' } });
    attic.world.faults.add({ operation: 'UntagResource', kind: 'denied' });
    const denied = { bucket: 'old-logs', action: 'mark' };
    expect(await policy.undo?.(denied, null, attic.around)).toMatchObject({
      result: 'failed',
      code: 'AccessDenied',
    });
  });
});

describe('acting', () => {
  it.each(['TagResource', 'GetBucketTagging'])(
    'a refused %s is told, and nothing is marked',
    async (operation) => {
      const attic = new Attic();
      attic.stale('old-logs');
      attic.world.faults.add({
        operation,
        kind: 'denied',
        after: operation === 'GetBucketTagging' ? 1 : 0,
        times: 1,
      });
      const report = await attic.sweep();
      expect(report.results).toMatchObject([{ outcome: { outcome: 'failed', code: 'AccessDenied' } }]);
      expect(attic.tags('old-logs')).toEqual({});
    },
  );

  it('B4.26 an aborted DeleteBucket is tried again in the next run', async () => {
    const attic = new Attic();
    attic.stale('old-logs');
    await attic.sweep();
    await attic.days(15);
    attic.world.faults.add({
      operation: 'DeleteBucket',
      kind: 'error',
      code: 'OperationAborted',
      status: 409,
      times: 1,
    });
    const report = await attic.sweep();
    expect(report.results).toMatchObject([{ outcome: { outcome: 'queued' } }]);
    await attic.run(attic.postponed[0] ?? attic.signal([]));
    expect(attic.exists('old-logs')).toBe(false);
  });
});
