import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../functions/stop-idle-instances/facts.ts';
import type { Instance } from '../../../functions/stop-idle-instances/instance.ts';
import { activity, type Case, fate, hoursAgo, NOW, tags, verdictOn } from './builders.ts';

it('an instance that is quiet by every signal is stopped, and its owner told what that means', () => {
  const verdict = verdictOn({ instance: { publicIp: '198.51.100.9' } });

  expect(verdict).toMatchObject({
    verdict: 'violation',
    reasonCode: 'idle',
    severity: 'low',
    monthlySaving: 78.11,
    remedy: {
      action: 'stop-instances',
      summary: 'Stop i-0a1b2c3d4e5f60718 (build)',
      undo: 'Start i-0a1b2c3d4e5f60718.',
      parameters: { instanceIds: ['i-0a1b2c3d4e5f60718'], hibernate: false },
      before: { state: 'running', publicIp: '198.51.100.9', elasticIp: false },
    },
  });
  expect(verdict.reason).toMatch(/was idle for 14 days: CPU peaked at 1.5 % \(idle is below 5 %\); /);
});

it('keeps the numbers that it rests on', () => {
  expect(verdictOn().evidence).toContainEqual({
    signal: 'cpu-peak',
    state: 'quiet',
    text: 'CPU peaked at 1.5 % (idle is below 5 %)',
    value: 1.5,
    threshold: 5,
  });
});

it('names the quiet signals alone', () => {
  const without = { EBSReadBytes: () => undefined, EBSWriteBytes: () => undefined };
  const { reason } = verdictOn({ facts: { activity: activity(without) } });

  expect(reason).toMatch(/packets at the peak/);
  expect(reason).not.toMatch(/EBS/);
});

describe('states', () => {
  it.each<{ when: string; given: Partial<Instance>; becomes: string }>([
    { when: 'B1.1 pending', given: { state: 'pending' }, becomes: 'compliant starting' },
    { when: 'B1.2 stopping', given: { state: 'stopping' }, becomes: 'compliant already-stopped' },
    { when: 'B1.2 B1.66 stopped', given: { state: 'stopped' }, becomes: 'compliant already-stopped' },
    { when: 'B1.3 shutting down', given: { state: 'shutting-down' }, becomes: 'compliant gone' },
    { when: 'B1.3 terminated', given: { state: 'terminated' }, becomes: 'compliant gone' },
    { when: 'B1.3 of a state not known', given: { state: 'dreaming' }, becomes: 'unknown unknown-state' },
    {
      when: 'B1.51 stopping for 30 minutes',
      given: { state: 'stopping', stoppedAt: hoursAgo(0.5) },
      becomes: 'compliant already-stopped',
    },
    {
      when: 'B1.51 stopping for longer',
      given: { state: 'stopping', stoppedAt: hoursAgo(0.51) },
      becomes: 'told stuck-stopping',
    },
  ])('$when is $becomes', ({ given, becomes }) => {
    expect(fate({ instance: given })).toBe(becomes);
  });
});

describe('age', () => {
  it.each([
    ['B1.9 just below window and grace', 15 * 24 - 0.01, 'compliant too-young'],
    ['B1.9 at window and grace', 15 * 24, 'stop'],
  ])('%s', (_when, hours, becomes) => {
    expect(fate({ instance: { launchTime: hoursAgo(hours) } })).toBe(becomes);
  });

  it('B1.9 an old machine that was started again is told by its real age', () => {
    const verdict = verdictOn({ instance: { launchTime: hoursAgo(48), since: hoursAgo(90 * 24) } });

    expect(verdict.reason).toBe(
      'It runs for 48 hours, and exists since 2026-08-22: too short to tell (360 hours are needed).',
    );
  });

  it('B1.9 without a launch time nothing is done', () => {
    expect(fate({ instance: { launchTime: undefined } })).toBe('unknown launch-time');
  });
});

describe('somebody else owns it', () => {
  it.each<{ when: string; given: Partial<Instance>; code: string; says: RegExp }>([
    {
      when: 'B1.21 an Auto Scaling group, by its tag',
      given: { tags: tags({ 'aws:autoscaling:groupName': 'web' }) },
      code: 'auto-scaling',
      says: /group web, which would replace it: scale the group instead\.$/,
    },
    {
      when: 'B1.23 a Spot fleet',
      given: { tags: tags({ 'aws:ec2spot:fleet-request-id': 'sfr-1' }) },
      code: 'fleet',
      says: /sfr-1/,
    },
    {
      when: 'B1.23 an EC2 fleet',
      given: { tags: tags({ 'aws:ec2:fleet-id': 'fleet-1' }) },
      code: 'fleet',
      says: /fleet-1/,
    },
    {
      when: 'B1.30 Elastic Beanstalk',
      given: { tags: tags({ 'elasticbeanstalk:environment-id': 'e-1' }) },
      code: 'beanstalk',
      says: /environment e-1: stop the environment/,
    },
    ...[
      'eks:cluster-name',
      'aws:eks:cluster-name',
      'kubernetes.io/cluster/prod',
      'karpenter.sh/nodepool',
    ].map((key) => ({
      when: `B1.31 Kubernetes, by ${key}`,
      given: { tags: tags({ [key]: 'x' }) },
      code: 'kubernetes',
      says: /Kubernetes/,
    })),
    {
      when: 'B1.32 an operator',
      given: { operator: 'eks.amazonaws.com' },
      code: 'operator-managed',
      says: /^eks\.amazonaws\.com manages it/,
    },
    {
      when: 'B1.33 EMR',
      given: { tags: tags({ 'aws:elasticmapreduce:job-flow-id': 'j-1' }) },
      code: 'emr',
      says: /j-1, which takes a stop for a failed node/,
    },
    { when: 'B1.34 ECS', given: { tags: tags({ AmazonECSManaged: 'true' }) }, code: 'ecs', says: /drain it/ },
    {
      when: 'B1.35 AWS Batch',
      given: { tags: tags({ AWSBatchServiceTag: 'batch' }) },
      code: 'batch',
      says: /Batch/,
    },
    {
      when: 'B1.35 OpsWorks',
      given: { tags: tags({ 'opsworks:instance': 'db' }) },
      code: 'opsworks',
      says: /OpsWorks/,
    },
    {
      when: 'B1.35 Cloud9',
      given: { tags: tags({ 'aws:cloud9:environment': 'c' }) },
      code: 'cloud9',
      says: /stops itself/,
    },
    {
      when: 'B1.35 Service Catalog',
      given: { tags: tags({ 'aws:servicecatalog:provisionedProductArn': 'arn' }) },
      code: 'service-catalog',
      says: /product/,
    },
    {
      when: 'B1.35 server replication',
      given: { tags: tags({ AWSElasticDisasterRecoveryManaged: 'drs' }) },
      code: 'replication',
      says: /disaster recovery/,
    },
    {
      when: 'B1.35 RDS Custom',
      given: { tags: tags({ AWSRDSCustom: 'db' }) },
      code: 'rds-custom',
      says: /RDS Custom/,
    },
    {
      when: 'B1.35 a service that launched it',
      given: { requester: '043234062703' },
      code: 'requester-managed',
      says: /\(043234062703\) launched it/,
    },
    { when: 'another account', given: { ownedHere: false }, code: 'other-owner', says: /Another account/ },
    { when: 'B1.37 a Mac', given: { instanceType: 'mac2.metal' }, code: 'mac', says: /24 hours/ },
    {
      when: 'B1.40 a NAT box',
      given: { forwards: true },
      code: 'network-appliance',
      says: /NAT, VPN, firewall/,
    },
    {
      when: 'B1.40 a bastion by its name',
      given: { name: 'Prod-Bastion-1' },
      code: 'bastion',
      says: /\*bastion\*/,
    },
    { when: 'B1.41 an Outpost', given: { outpost: 'arn:op' }, code: 'outpost', says: /Outpost/ },
    {
      when: 'B1.41 a Local Zone',
      given: { zone: 'us-west-2-lax-1a', region: 'us-west-2' },
      code: 'local-zone',
      says: /us-west-2-lax-1a/,
    },
    { when: 'B1.41 Wavelength', given: { zone: 'eu-west-1-wl1-dub-1' }, code: 'local-zone', says: /wl1/ },
  ])('$when: left alone, metrics or not', ({ given, code, says }) => {
    const verdict = verdictOn({ instance: given });

    expect(verdict).toMatchObject({ verdict: 'compliant', reasonCode: code });
    expect(verdict.reason).toMatch(says);
    expect(verdict.reason).toMatch(/\.$/);
  });

  it('B1.21 a member by the group’s own list, standby or not', () => {
    expect(fate({ facts: { group: { value: 'web' } } })).toBe('compliant auto-scaling');
  });

  it('B1.40 is in scope when the settings name no appliances', () => {
    expect(fate({ instance: { name: 'bastion' }, settings: { appliances: [] } })).toBe('stop');
  });

  it('B6.31 a tag called __proto__ is nobody’s', () => {
    expect(fate({ instance: { tags: tags(JSON.parse('{"__proto__": "x", "toString": "y"}')) } })).toBe(
      'stop',
    );
  });
});

describe('idle, but only told about', () => {
  it.each<{ when: string; given: Case; code: string; says: RegExp }>([
    {
      when: 'B1.18 a GPU',
      given: { facts: { type: { value: { vcpus: 4, accelerated: true, instanceStorage: false } } } },
      code: 'idle-accelerator',
      says: /GPU or accelerator may be busy/,
    },
    {
      when: 'B1.55 a DNS record that leads to an address which a stop gives away',
      given: {
        instance: { publicIp: '203.0.113.7' },
        facts: { named: { value: 'www.example.com' } },
        settings: { dnsRecords: true },
      },
      code: 'idle-dns-record',
      says: /www\.example\.com leads to its address 203\.0\.113\.7, which a stop would give away/,
    },
    {
      when: 'B1.19 failed status checks',
      given: { facts: { activity: activity({ StatusCheckFailed: (i) => (i > 300 ? 1 : 0) }) } },
      code: 'idle-impaired',
      says: /broken rather than idle/,
    },
    {
      when: 'B1.20 a planned event',
      given: { facts: { event: { value: 'instance-retirement on 2026-12-01' } } },
      code: 'idle-scheduled-event',
      says: /instance-retirement/,
    },
    {
      when: 'B1.22 one-time Spot',
      given: { instance: { lifecycle: 'spot' }, facts: { spot: { value: 'one-time' } } },
      code: 'idle-spot-one-time',
      says: /only terminated/,
    },
    {
      when: 'B1.24 instance-store root',
      given: { instance: { rootDevice: 'instance-store' } },
      code: 'idle-instance-store-root',
      says: /cannot be stopped/,
    },
    {
      when: 'B1.25 instance-store data disks',
      given: { facts: { type: { value: { vcpus: 2, accelerated: false, instanceStorage: true } } } },
      code: 'idle-instance-store-data',
      says: /would lose what they hold/,
    },
    {
      when: 'B1.27 stop protection',
      given: { facts: { stopProtected: { value: true } } },
      code: 'idle-stop-protected',
      says: /DisableApiStop/,
    },
    {
      when: 'B1.37 a dedicated host',
      given: { instance: { tenancy: 'host' } },
      code: 'idle-dedicated-host',
      says: /host is paid for/,
    },
    {
      when: 'a capacity block',
      given: { instance: { lifecycle: 'capacity-block' } },
      code: 'idle-lifecycle',
      says: /capacity-block: a stop saves nothing/,
    },
  ])('$when', ({ given, code, says }) => {
    const verdict = verdictOn(given);

    expect(verdict).toMatchObject({ verdict: 'violation', reasonCode: code, remedy: undefined });
    expect(verdict.reason).toMatch(says);
  });
});

describe('allowed all the same', () => {
  it.each<{ when: string; given: Case; advice: RegExp }>([
    {
      when: 'B1.22 persistent Spot, whose request has to be revived',
      given: { instance: { lifecycle: 'spot' }, facts: { spot: { value: 'persistent' } } },
      advice: /only starting it here revives it/,
    },
    {
      when: 'B1.25 disks that a tag calls disposable',
      given: {
        instance: { tags: tags({ 'reeve:disks-disposable': '' }) },
        facts: { type: { value: { vcpus: 2, accelerated: false, instanceStorage: true } } },
      },
      advice: /disks stay/,
    },
    {
      when: 'B1.36 a member of a stack',
      given: { instance: { tags: tags({ 'aws:cloudformation:stack-name': 'lab' }) } },
      advice: /stack lab/,
    },
    {
      when: 'B1.38 a capacity reservation',
      given: { instance: { capacityReservation: 'cr-1' } },
      advice: /cr-1 stays billed/,
    },
    {
      when: 'B1.41 a Marketplace image',
      given: { instance: { productCodes: ['abc'] } },
      advice: /Marketplace/,
    },
    {
      when: 'B1.26 one that hibernates',
      given: { instance: { hibernates: true } },
      advice: /where that fails, AWS shuts it down/,
    },
    {
      when: 'B1.43 a window beyond what Session Manager remembers',
      given: { settings: { windowDays: 31 }, facts: { activity: activity({}, { windowDays: 31 }) } },
      advice: /remembers 30 days/,
    },
    {
      when: 'B1.44 no source of logins',
      given: { settings: { logins: { sessions: false } }, facts: { login: 'not-asked' } },
      advice: /metrics alone/,
    },
    { when: 'B1.53 any: coming back is not certain', given: {}, advice: /not guaranteed/ },
    {
      when: 'B1.55 a public address of AWS',
      given: { instance: { publicIp: '198.51.100.9' } },
      advice: /loses its public address 198\.51\.100\.9/,
    },
    {
      when: 'B1.56 an elastic address',
      given: { instance: { publicIp: '198.51.100.9', elasticIp: true } },
      advice: /stays billed/,
    },
  ])('$when', ({ given, advice }) => {
    const verdict = verdictOn(given);

    expect(verdict).toMatchObject({ verdict: 'violation', remedy: { action: 'stop-instances' } });
    expect(verdict.verdict === 'violation' ? verdict.advice.join(' ') : '').toMatch(advice);
  });

  it('B1.26 asks to hibernate only where that is configured', () => {
    expect(verdictOn({ instance: { hibernates: true } })).toMatchObject({
      remedy: { hibernate: true, summary: expect.stringMatching(/^Hibernate/) },
    });
  });
});

describe('in use', () => {
  it.each<{ when: string; given: Partial<Facts>; code: string }>([
    {
      when: 'B1.39 behind a load balancer',
      given: { serves: { value: 'target group web' } },
      code: 'in-service',
    },
    { when: 'B1.42 a session now', given: { login: { value: 'ana is connected' } }, code: 'login' },
    {
      when: 'B1.43 a session in the window',
      given: { login: { value: 'ana on 2026-11-18' } },
      code: 'login',
    },
  ])('$when', ({ given, code }) => {
    expect(fate({ facts: given })).toBe(`compliant ${code}`);
  });
});

describe('what cannot be told is never a reason', () => {
  it.each<keyof Facts>(['activity', 'type', 'event', 'group', 'serves', 'login'])(
    '%s not looked up',
    (key) => {
      expect(fate({ facts: { [key]: 'not-asked' } })).toMatch(/^unknown /);
    },
  );

  it.each<keyof Facts>(['type', 'event', 'group', 'serves', 'login', 'stops', 'stopProtected'])(
    '%s not readable',
    (key) => {
      const verdict = verdictOn({ facts: { [key]: { unknown: 'AccessDenied: no' } } });

      expect(verdict.verdict).toBe('unknown');
      expect(verdict.reason).toContain('AccessDenied: no');
    },
  );

  it('B1.22 the kind of a Spot request', () => {
    expect(fate({ instance: { lifecycle: 'spot' } })).toBe('unknown spot');
  });

  it('B1.24 a root disk of no known kind', () => {
    expect(fate({ instance: { rootDevice: undefined } })).toBe('unknown root-device');
  });

  it('in use outweighs what is not known, which outweighs what is only told', () => {
    const given = { instance: { tenancy: 'host' }, facts: { event: { unknown: 'denied' } } } as const;
    expect(fate(given)).toBe('unknown scheduled-event');
    expect(fate({ ...given, facts: { ...given.facts, serves: { value: 'web' } } })).toBe(
      'compliant in-service',
    );
  });
});

describe('keep-until', () => {
  it.each([
    ['B1.58 a day to come', '2026-11-21', 'exempt kept'],
    ['B1.58 today, to its end', '2026-11-20', 'exempt kept'],
    ['B1.58 yesterday', '2026-11-19', 'stop'],
    ['B1.58 no date', 'next week', 'unknown keep-unreadable'],
    ['B1.58 a day that there is not', '2026-02-30', 'unknown keep-unreadable'],
    ['B1.58 a time with its offset, to come', '2026-11-20T13:01+01:00', 'exempt kept'],
    ['B1.58 a time with its offset, past', '2026-11-20T12:59+01:00', 'stop'],
    ['B1.58 a time without offset', '2026-11-20T13:00', 'unknown keep-unreadable'],
  ])('%s', (_when, value, becomes) => {
    expect(fate({ instance: { tags: tags({ 'reeve:keep-until': value }) } })).toBe(becomes);
  });

  it.each([
    ['Pacific/Auckland', 'stop'],
    ['America/Los_Angeles', 'exempt kept'],
  ])('B1.58 a date ends with the day of the zone %s', (zone, becomes) => {
    const now = new Date('2026-11-20T12:00:00Z');
    const kept = { tags: tags({ 'reeve:keep-until': '2026-11-20' }) };
    expect(fate({ instance: kept, settings: { zone }, now })).toBe(becomes);
  });
});

describe('B1.59 an owner who starts it again', () => {
  const settings = { windowDays: 1, graceHours: 0 };
  const day = activity({ NetworkIn: 4000, NetworkOut: 3000 }, settings);
  const stop = (hours: number, reasonCode = 'idle') => ({
    at: hoursAgo(hours),
    reasonCode,
    fingerprint: 'x',
  });

  it.each<{
    when: string;
    started: number;
    stops: ReturnType<typeof stop>[];
    coolDown?: number;
    becomes: string;
  }>([
    {
      when: 'B1.59 within the cool-down',
      started: 47,
      stops: [stop(50)],
      coolDown: 48,
      becomes: 'compliant cool-down',
    },
    { when: 'B1.59 after the cool-down', started: 48, stops: [stop(50)], coolDown: 48, becomes: 'stop' },
    { when: 'B1.59 started before that stop', started: 60, stops: [stop(50)], coolDown: 72, becomes: 'stop' },
    {
      when: 'B1.59 the second stop of a week',
      started: 30,
      stops: [stop(50), stop(100)],
      becomes: 'told idle-stopped-often',
    },
    {
      when: 'B1.59 the second stop of a week to the hour',
      started: 30,
      stops: [stop(50), stop(168)],
      becomes: 'told idle-stopped-often',
    },
    { when: 'B1.59 stops of two weeks', started: 30, stops: [stop(50), stop(169)], becomes: 'stop' },
    {
      when: 'B1.59 stops by its hours do not count',
      started: 30,
      stops: [stop(50), stop(75, 'outside-hours')],
      becomes: 'stop',
    },
  ])('$when', ({ started, stops, coolDown = 24, becomes }) => {
    const given = {
      instance: { launchTime: hoursAgo(started) },
      settings: { ...settings, restart: { coolDownHours: coolDown } },
      facts: { activity: day, stops: { value: stops } },
    };
    expect(fate(given)).toBe(becomes);
  });

  it('B1.59 a stop of this very launch that broke off is none that somebody took back', () => {
    const [started, before] = [hoursAgo(30), hoursAgo(80)];
    const stopOf = (launchTime: Date, at: Date) => {
      const verdict = verdictOn({ instance: { launchTime }, settings, facts: { activity: day } });
      const { fingerprint = '' } = (verdict.verdict === 'violation' && verdict.remedy) || {};
      return { at, reasonCode: 'idle', fingerprint };
    };
    const stops = { value: [stopOf(started, hoursAgo(1)), stopOf(before, hoursAgo(50))] };
    expect(fate({ instance: { launchTime: started }, settings, facts: { activity: day, stops } })).toBe(
      'stop',
    );
  });

  it('B1.59 is a new launch for the journal, so that the stop is a new one', () => {
    const at = (hours: number) => verdictOn({ instance: { launchTime: hoursAgo(hours) } });
    const prints = [at(400), at(500)].map((one) =>
      one.verdict === 'violation' ? one.remedy?.fingerprint : '',
    );
    expect(new Set(prints).size).toBe(2);
  });
});

it('B1.68 an alarm that stops the instance itself is left to it', () => {
  expect(fate({ instance: { alarmAction: 'stop' } })).toBe('compliant double-action');
});

it('B1.28 B1.29 B1.60 a stop asks for nothing but the stop, and nothing terminates', () => {
  const verdict = verdictOn();
  const remedy = verdict.verdict === 'violation' ? verdict.remedy : undefined;

  expect(remedy?.action).toBe('stop-instances');
  expect(JSON.stringify(remedy)).not.toMatch(/terminat|shutdown/i);
});

describe('B1.55 DNS records', () => {
  const publicIp = '203.0.113.7';
  const dnsRecords = true;
  const named = { value: 'www.example.com' };
  it.each<{ when: string; given: Case; becomes: string }>([
    {
      when: 'are looked at when asked for',
      given: { instance: { publicIp }, facts: { named } },
      becomes: 'stop',
    },
    {
      when: 'do not matter where the address stays',
      given: { instance: { publicIp, elasticIp: true }, facts: { named }, settings: { dnsRecords } },
      becomes: 'stop',
    },
    {
      when: 'do not matter without an address',
      given: { facts: { named }, settings: { dnsRecords } },
      becomes: 'stop',
    },
    {
      when: 'that lead elsewhere do not matter',
      given: { instance: { publicIp }, facts: { named: { value: undefined } }, settings: { dnsRecords } },
      becomes: 'stop',
    },
    {
      when: 'that cannot be read leave it unknown',
      given: { instance: { publicIp }, facts: { named: { unknown: 'denied' } }, settings: { dnsRecords } },
      becomes: 'unknown dns-record',
    },
    {
      when: 'that were not read leave it unknown',
      given: { instance: { publicIp }, settings: { dnsRecords } },
      becomes: 'unknown dns-record',
    },
  ])('$when: $becomes', ({ given, becomes }) => {
    expect(fate(given)).toBe(becomes);
  });
});

describe('what its owner is told beside', () => {
  const adviceOf = (given: Case) => {
    const verdict = verdictOn(given);
    return 'advice' in verdict ? verdict.advice.join(' ') : verdict.reason;
  };

  it.each([
    { logins: { sessions: true, cloudTrail: false }, says: false },
    { logins: { sessions: false, cloudTrail: true }, says: false },
    { logins: { sessions: true, cloudTrail: true }, says: false },
    { logins: { sessions: false, cloudTrail: false }, says: true },
  ])('B1.44 $logins: that no source of logins is configured: $says', ({ logins, says }) => {
    expect(adviceOf({ settings: { logins } }).includes('No source of logins')).toBe(says);
  });

  it('B1.59 when Reeve stopped it before, if it did', () => {
    const stop = { at: hoursAgo(20 * 24), reasonCode: 'idle', fingerprint: 'i-1' };
    expect(adviceOf({ facts: { stops: { value: [stop] } } })).toContain(
      'stopped it before, last on 2026-10-31',
    );
    expect(adviceOf({})).not.toContain('stopped it before');
  });

  it('B1.59 one that was launched when Reeve stopped it was not started again', () => {
    const at = hoursAgo(30);
    const given = (launchTime: Date): Case => ({
      instance: { launchTime },
      facts: {
        activity: activity({ NetworkIn: 4000, NetworkOut: 3000 }, { windowDays: 1 }),
        stops: { value: [{ at, reasonCode: 'idle', fingerprint: 'i-1' }] },
      },
      settings: { windowDays: 1, graceHours: 0, restart: { coolDownHours: 48 } },
    });
    expect(fate(given(at))).toBe('stop');
    expect(fate(given(new Date(at.getTime() + 1)))).toBe('compliant cool-down');
  });

  it('B1.58 a keep-until tag holds to the very moment', () => {
    const keep = { tags: tags({ 'reeve:keep-until': '2026-11-20T12:00Z' }) };
    expect(fate({ instance: keep, now: NOW })).toBe('exempt kept');
    expect(fate({ instance: keep, now: new Date(NOW.getTime() + 1) })).toBe('stop');
  });
});
