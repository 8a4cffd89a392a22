import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { announceRights } from '../../../functions/stop-idle-instances/announce.ts';
import { rights } from '../../../functions/stop-idle-instances/policy.ts';
import { settings } from '../../../functions/stop-idle-instances/settings.ts';
import { tagKeyOf } from '../../../shared/engine/promise.ts';

it('an empty block means what AWS itself calls idle', () => {
  expect(settings.parse({})).toMatchObject({
    windowDays: 14,
    graceHours: 24,
    coveragePercent: 90,
    cpu: { peakPercent: 5, averagePercent: 10, busyVcpus: 0.5, creditFloor: 5 },
    network: { megabytesPerDay: 5, bytesPerSecond: 5000, packetsPerSecond: 50 },
    disk: { bytesPerSecond: 100_000 },
    logins: { sessions: true, cloudTrail: false },
    hours: { tag: 'reeve:hours', start: true },
    zone: 'UTC',
    keepTag: 'reeve:keep-until',
    restart: { coolDownHours: 24, stopsPerWeek: 2 },
    alarms: ['reeve-*'],
  });
});

it.each([
  [{ windowDays: 0 }],
  [{ windowDays: 91 }],
  [{ windowDays: 1.5 }],
  [{ graceHours: -1 }],
  [{ coveragePercent: 49 }],
  [{ coveragePercent: 101 }],
  [{ cpu: { peakPercent: 0 } }],
  [{ cpu: { peakPercent: 101 } }],
  [{ cpu: { peakPercent: '5' } }],
  [{ cpu: { peek: 5 } }],
  [{ cpu: { busyVcpus: 0 } }],
  [{ network: { megabytesPerDay: 0 } }],
  [{ network: { bytesPerSecond: -1 } }],
  [{ disk: { bytesPerSecond: 0 } }],
  [{ hours: { schedule: 'nine to five' } }],
  [{ hours: { only: [] } }],
  [{ hours: { tag: 'aws:hours' } }],
  [{ zone: '+01:00' }],
  [{ zone: 'Europe/Nowhere' }],
  [{ keepTag: 'aws:keep' }],
  [{ restart: { stopsPerWeek: 0 } }],
  [{ appliances: ['*'] }],
  [{ alarms: [] }],
  [{ alarms: ['*'] }],
  [{ terminate: true }],
])('refuses %j', (given) => {
  expect(settings.safeParse(given).success).toBe(false);
});

it.each([
  [{ windowDays: 1, graceHours: 0, coveragePercent: 50 }],
  [{ windowDays: 90, graceHours: 168, coveragePercent: 100 }],
  [{ cpu: { peakPercent: 100, creditFloor: 0 } }],
  [{ hours: { schedule: 'mon-fri 08:00-19:00 Europe/Berlin', only: ['env=dev', 'lab'] } }],
  [{ zone: 'America/Argentina/Buenos_Aires' }],
  [{ appliances: [] }],
])('accepts %j', (given) => {
  expect(settings.safeParse(given).success).toBe(true);
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

describe('the role', () => {
  const text = readFileSync('functions/stop-idle-instances/function.yml', 'utf8');
  const own = parse(text, { logLevel: 'error' }) as {
    readonly rights: readonly Statement[];
    readonly rightsWhen: readonly { readonly setting: string; readonly rights: readonly Statement[] }[];
  };
  const askedBy = (setting: string) =>
    own.rightsWhen
      .filter((each) => each.setting === setting)
      .flatMap((each) => each.rights)
      .flatMap(({ Action }) => Action);
  const asked = askedBy('dnsRecords');
  const granted = own.rights.flatMap(({ Action }) => Action);

  it('B6.11 grants what stands beside the verbs that are used, no more and no less', () => {
    // Every function's role has it already, for the setter of an exemption.
    const shared = ['cloudtrail:LookupEvents'];
    expect([...granted, ...asked].toSorted()).toEqual(rights.filter((right) => !shared.includes(right)));
  });

  it('B1.55 B6.11 reads records of Route 53 only where that is asked for', () => {
    expect(own.rightsWhen.map(({ setting }) => setting)).toEqual(['dnsRecords', 'grace', 'mode']);
    expect(asked).toEqual(['route53:ListHostedZones', 'route53:ListResourceRecordSets']);
  });

  it('B6.7 B6.11 writes tags only where a grace is asked for, and only the one that shows it', () => {
    expect(askedBy('grace')).toEqual(announceRights);
    // What an earlier grace left may go as long as anything is changed at all.
    expect(askedBy('mode')).toEqual(['ec2:DeleteTags']);
    const tagging = own.rightsWhen.filter(({ setting }) => setting !== 'dnsRecords');
    for (const { rights: given } of tagging)
      expect(given).toMatchObject([
        {
          Condition: {
            'ForAllValues:StringEquals': { 'aws:TagKeys': [tagKeyOf('stop-idle-instances')] },
            Null: { 'aws:TagKeys': 'false' },
          },
        },
      ]);
  });

  it('B1.60 B6.11 ends nothing, changes no setting, and names a resource for whatever is not reading', () => {
    expect(granted.filter((action) => /Terminate|Modify|Delete|PassRole|\*/.test(action))).toEqual([]);
    const wide = own.rights.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
    for (const action of wide) expect(action).toMatch(/:(Describe|GetMetricData$|ListMetrics$)/);
  });
});
