import { describe, expect, it } from 'vitest';
import { Attic } from './attic.ts';

const line = (operation: string, at: Date) => {
  const [, day, month, year, time] = /, (\d\d) (\w{3}) (\d{4}) ([\d:]{8})/.exec(at.toUTCString()) ?? [];
  return `owner old-logs [${day}/${month}/${year}:${time} +0000] 192.0.2.3 someone 3E57 ${operation} key "-" 200\n`;
};

/** A stale bucket with access logs of some days ago, one object a line. */
function logging(uses: Readonly<Record<number, string>>, settings: object = {}, prefix = 'access/'): Attic {
  const attic = new Attic();
  attic.settings = { logBuckets: ['logs'], ...settings };
  attic.stale('old-logs', 3, { at: attic.daysAgo(1000) });
  attic.bucket('logs');
  attic.state('old-logs').configurations.logging = { TargetBucket: 'logs', TargetPrefix: 'access/' };
  for (const [ago, operation] of Object.entries(uses)) {
    const at = attic.daysAgo(Number(ago));
    const body = new TextEncoder().encode(line(operation, at));
    const key = `${prefix}${at.toISOString().slice(0, 10)}-09-15-00-ABC`;
    attic.fill('logs', 1, { key: () => key, size: body.byteLength, at, details: { body } });
  }
  return attic;
}

describe('B4.3 server access logs as a sign of life', () => {
  it('an object that was read within the window keeps the bucket', async () => {
    const attic = logging({ 200: 'REST.GET.OBJECT' });
    expect(await attic.verdict('old-logs')).toMatchObject({
      verdict: 'compliant',
      reason: expect.stringContaining('an object was asked for or written (access logs) on 2026-04-16'),
    });
  });

  it('the lines that its own sweeps leave do not', async () => {
    const attic = logging({ 0: 'REST.GET.TAGGING', 1: 'REST.GET.BUCKETVERSIONS', 2: 'REST.GET.BUCKET' });
    expect(await attic.verdict('old-logs')).toMatchObject({
      verdict: 'violation',
      reason: expect.stringContaining('its access logs show no reading'),
    });
  });

  it('silence of logs does not shorten the window: they are best effort', async () => {
    const attic = logging({ 1: 'REST.GET.TAGGING' });
    attic.bucket('newer');
    expect(await attic.verdict('old-logs')).toMatchObject({ reason: expect.stringContaining('365 days') });
  });

  it('logs in a bucket that the settings do not name are not read', async () => {
    const attic = logging({ 3: 'REST.GET.OBJECT' }, { logBuckets: ['others'] });
    attic.world.forgetCalls();
    expect(await attic.verdict('old-logs')).toMatchObject({ verdict: 'violation' });
    expect(attic.calls()).not.toContain('GetObject');
  });

  it.each<{ what: string; operation: string }>([
    { what: 'listed', operation: 'ListObjectsV2' },
    { what: 'read', operation: 'GetObject' },
    { what: 'found (their target)', operation: 'GetBucketLogging' },
  ])('logs that cannot be $what protect', async ({ operation }) => {
    const attic = logging({ 3: 'REST.GET.TAGGING' });
    attic.world.faults.add({ operation, kind: 'denied' });
    expect(await attic.verdict('old-logs')).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringMatching(/access logs could not be read \(AccessDenied/),
    });
  });

  it('more logs than may be read protect', async () => {
    const attic = logging({ 1: 'REST.GET.TAGGING', 2: 'REST.GET.TAGGING' }, { logObjects: 1 });
    expect(await attic.verdict('old-logs')).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('more than the 1 that are read'),
    });
  });

  it('a bucket that shows life otherwise costs no look into its logs', async () => {
    const attic = logging({ 3: 'REST.GET.OBJECT' });
    attic.fill('old-logs', 1, { at: attic.daysAgo(1), key: () => 'new' });
    attic.world.forgetCalls();
    expect(await attic.verdict('old-logs')).toMatchObject({ reasonCode: 'in-use' });
    expect(attic.calls()).not.toContain('ListObjectsV2');
  });

  it('the bucket that logs go to is never touched', async () => {
    expect(await logging({}).verdict('logs')).toMatchObject({ reasonCode: 'access-logs' });
  });
});
