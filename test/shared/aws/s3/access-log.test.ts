import { describe, expect, it } from 'vitest';
import { lastUseIn, logTarget } from '../../../../shared/aws/s3/access-log.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';

/** As AWS shows it in "Amazon S3 server access log format". */
function line(
  operation: string,
  { bucket = 'old-logs', agent = 'S3Console/0.4', at = '06/Feb/2026:00:00:38' } = {},
) {
  return `${OWNER} ${bucket} [${at} +0000] 192.0.2.3 ${OWNER} 3E57427F3EXAMPLE ${operation} a%20b "GET /a+b HTTP/1.1" 200 - 113 - 7 - "-" "${agent}" - host= SigV4 ECDHE AuthHeader old-logs.s3.amazonaws.com TLSV1.2 - -`;
}

describe('B4.3 what server access logs tell', () => {
  it.each([
    'REST.GET.OBJECT',
    'REST.HEAD.OBJECT',
    'REST.PUT.OBJECT',
    'REST.POST.UPLOADS',
    'REST.PUT.PART',
    'REST.COPY.OBJECT_GET',
    'WEBSITE.GET.OBJECT',
  ])('%s is a use', (operation) => {
    expect(lastUseIn(line(operation), 'old-logs', NOW)).toEqual(new Date('2026-02-06T00:00:38Z'));
  });

  it.each([
    'REST.GET.BUCKET',
    'REST.GET.BUCKETVERSIONS',
    'REST.GET.VERSIONING',
    'REST.GET.TAGGING',
    'REST.GET.BUCKETPOLICY',
    'REST.PUT.TAGGING',
    'REST.GET.UPLOADS',
    'REST.POST.MULTI_OBJECT_DELETE',
    'BATCH.DELETE.OBJECT',
    'S3.EXPIRE.OBJECT',
  ])('%s, which sweeps and rules leave too, is none', (operation) => {
    expect(lastUseIn(line(operation), 'old-logs', NOW)).toBeUndefined();
  });

  it('its own copying to an archive is none, but nothing else can pass for it', () => {
    const agent = 'reeve/0.1.0 aws-sdk-js/3.1169.0';
    expect(lastUseIn(line('REST.COPY.OBJECT_GET', { agent }), 'old-logs', NOW)).toBeUndefined();
    expect(lastUseIn(line('REST.GET.OBJECT', { agent }), 'old-logs', NOW)).toBeDefined();
  });

  it('the newest counts, and lines of other buckets do not', () => {
    const text = [
      line('REST.GET.OBJECT', { at: '01/Mar/2026:10:00:00' }),
      line('REST.GET.OBJECT', { at: '28/Feb/2026:10:00:00' }),
      line('REST.GET.OBJECT', { at: '01/Nov/2026:10:00:00', bucket: 'other' }),
      '',
    ].join('\n');
    expect(lastUseIn(text, 'old-logs', NOW)).toEqual(new Date('2026-03-01T10:00:00Z'));
  });

  it('a line that cannot be read is a use now: nobody knows', () => {
    expect(lastUseIn('what is this', 'old-logs', NOW)).toEqual(NOW);
  });
});

it('the target knows both forms of keys', () => {
  const source = { account: '111122223333', region: 'eu-west-1', bucket: 'old-logs' };
  const day = new Date('2026-11-05T12:00:00Z');
  const simple = { LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: 'old/' } };
  expect(logTarget(simple, source)?.prefixOf(day)).toBe('old/2026-11-05');
  const byDate = {
    LoggingEnabled: {
      ...simple.LoggingEnabled,
      TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
    },
  };
  expect(logTarget(byDate, source)?.prefixOf(day)).toBe('old/111122223333/eu-west-1/old-logs/2026/11/05/');
  expect(logTarget({}, source)).toBeUndefined();
});
