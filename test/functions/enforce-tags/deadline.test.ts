import { describe, expect, it } from 'vitest';
import { markFor, readMark } from '../../../functions/enforce-tags/mark.ts';
import type { StopFacts } from '../../../shared/aws/ec2/stopping/facts.ts';
import type { Stoppable } from '../../../shared/aws/ec2/stopping/instance.ts';
import { clear, facts, instance, machine, noon, set, verdictOn, violationBy, writes } from './builders.ts';

const MARK = 'reeve:enforce-tags';
const owner = { key: 'Owner' };
const stop = { settings: { onDeadline: 'stop' }, resource: instance, facts: facts({ around: clear }) };
const due = { [MARK]: 'stop@2026-11-20T12:00Z' };
const settings = set({ tags: [owner], onDeadline: 'stop' });
const at = (text: string) => new Date(text);

it.each([
  ['2026-11-20T12:00:00Z', 'stop@2026-11-27T12:00Z'],
  ['2026-11-20T12:00:01Z', 'stop@2026-11-27T13:00Z'],
  ['2026-11-20T12:59:59Z', 'stop@2026-11-27T13:00Z'],
])('a mark written at %s says %s', (now, mark) => {
  expect(markFor('stop', settings.deadline, at(now))).toBe(mark);
  expect(readMark(mark, settings, at(now))).toMatchObject({ state: 'waiting' });
});

it.each([
  ['stop@2026-11-20T12:00Z', 'due'],
  ['stop@2026-11-20T12:01Z', 'waiting'],
  ['stop@2026-11-27T12:00Z', 'waiting'],
  ['stop@2026-11-27T12:01Z', 'tampered'],
  ['stop@2036-01-01T00:00Z', 'tampered'],
  ['stop@2026-02-31T00:00Z', 'tampered'],
  ['stop@tomorrow', 'tampered'],
  ['never', 'tampered'],
  ['', 'tampered'],
])('B2.40 the mark %j is %s', (mark, state) => {
  expect(readMark(mark, settings, noon).state).toBe(state);
});

describe('what only people know', () => {
  it('is first given a deadline, together with what can be filled', () => {
    const verdict = violationBy({}, [owner, { key: 'Team', default: 'ops' }], stop);

    expect(writes(verdict)).toEqual({ set: { Team: 'ops', [MARK]: 'stop@2026-11-27T12:00Z' }, remove: {} });
    expect(verdict.advice).toEqual(['It is going to be stopped in 7 days unless it is tagged by then.']);
    expect(verdict.remedy?.summary).toBe('Tag with Team=ops; mark it stop@2026-11-27T12:00Z');
    expect(verdict.remedy?.repeatKey).toBe('Team=ops; reeve:enforce-tags');
  });

  it('then waits', () => {
    const verdict = violationBy({ [MARK]: 'stop@2026-11-21T00:00Z' }, [owner], stop);

    expect(verdict.remedy).toBeUndefined();
    expect(verdict.advice).toEqual(['It is going to be stopped after 2026-11-21T00:00:00.000Z.']);
  });

  it('and is stopped when the time has come, once for each start', () => {
    const verdict = violationBy({ [MARK]: 'stop@2026-11-20T12:00Z' }, [owner], stop);

    expect(verdict).toMatchObject({
      reasonCode: 'tags-overdue',
      remedy: { action: 'stop-instance', summary: 'Stop i-1', undo: 'Start i-1' },
    });
    expect(verdict.remedy?.fingerprint).toBe('stop 2026-11-01T00:00:00.000Z');
  });

  it('needs nothing more once it is stopped', () => {
    const stopped = { ...stop, resource: { ...instance, machine: machine({ state: 'stopped' }) } };

    expect(violationBy({ [MARK]: 'stop@2026-11-20T12:00Z' }, [owner], stopped).remedy).toBeUndefined();
    expect(violationBy({}, [owner], stopped).remedy).toBeUndefined();
  });

  it.each<{ when: string; given: Partial<Stoppable>; says: RegExp }>([
    {
      when: 'B1.21 a member of an Auto Scaling group',
      given: { tags: new Map([['aws:autoscaling:groupName', 'web']]) },
      says: /group web, which would replace it/,
    },
    {
      when: 'B1.32 an operator’s',
      given: { operator: 'eks.amazonaws.com' },
      says: /eks\.amazonaws\.com manages it/,
    },
    {
      when: 'B1.35 a service’s',
      given: { requester: 'amazon-elb' },
      says: /service \(amazon-elb\) launched it/,
    },
    { when: 'B1.40 one that passes on traffic', given: { forwards: true }, says: /NAT, VPN, firewall/ },
    { when: 'B1.40 a bastion', given: { name: 'bastion-1' }, says: /\*bastion\*/ },
    {
      when: 'B1.24 one on instance store',
      given: { rootDevice: 'instance-store' },
      says: /cannot be stopped/,
    },
  ])('$when is never given a deadline, nor stopped', ({ given, says }) => {
    for (const tags of [{}, due]) {
      const verdict = violationBy(tags, [owner], {
        ...stop,
        resource: { ...instance, machine: machine(given) },
      });

      expect(verdict.advice.join()).toMatch(/^It is not going to be stopped\. /);
      expect(verdict.advice.join()).toMatch(says);
      expect(writes(verdict) ?? { set: {}, remove: due }).toEqual({ set: {}, remove: due });
      expect(verdict.remedy?.action).not.toBe('stop-instance');
    }
  });

  it.each<{ when: string; around: Partial<StopFacts>; given?: Partial<Stoppable>; says: RegExp }>([
    {
      when: 'B1.39 in service',
      around: { serves: { value: 'the target group web' } },
      says: /behind the target group web/,
    },
    { when: 'B1.21 in a group', around: { group: { value: 'web' } }, says: /group web/ },
    {
      when: 'B1.25 with data on its own disks',
      around: { type: { value: { vcpus: 2, accelerated: false, instanceStorage: true } } },
      says: /Its own disks/,
    },
    {
      when: 'B1.22 one-time Spot',
      around: { spot: { value: 'one-time' } },
      given: { lifecycle: 'spot' },
      says: /one-time Spot/,
    },
    {
      when: 'B1.27 protected from stops',
      around: { stopProtected: { value: true } },
      says: /DisableApiStop/,
    },
    ...(['group', 'serves', 'type', 'event'] as const).flatMap((fact) => [
      { when: `whose ${fact} is not known`, around: { [fact]: { unknown: 'no right' } }, says: /no right/ },
      { when: `whose ${fact} was not asked`, around: { [fact]: 'not-asked' }, says: /not looked up/ },
    ]),
    { when: 'whose root disk is not told', around: {}, given: { rootDevice: undefined }, says: /root disk/ },
    {
      when: 'of a Spot request that is not known',
      around: {},
      given: { lifecycle: 'spot' },
      says: /Spot request/,
    },
  ])('an overdue one $when is left running, and told', ({ around, given, says }) => {
    const verdict = violationBy(due, [owner], {
      settings: stop.settings,
      resource: { ...instance, machine: machine(given) },
      facts: facts({ around: { ...clear, ...around } }),
    });

    expect(verdict.remedy?.action).not.toBe('stop-instance');
    expect(verdict.advice.join()).toMatch(says);
  });
});

it.each(['stop@2036-01-01T00:00Z', 'soon'])(
  'B2.40 the deadline %j, changed by hand, is set anew and told',
  (mark) => {
    const verdict = violationBy({ [MARK]: mark }, [owner], stop);

    expect(verdict.severity).toBe('high');
    expect(verdict.advice[0]).toContain('changed by hand');
    expect(writes(verdict)?.set).toEqual({ [MARK]: 'stop@2026-11-27T12:00Z' });
  },
);

it('nobody is stopped for what is only untidy', () => {
  expect(violationBy({ Owner: 'ana ' }, [owner], stop).remedy).toBeUndefined();
});

it('a mark goes as soon as all is well, or deadlines are off', () => {
  const mark = 'stop@2026-11-21T00:00Z';

  expect(writes(violationBy({ Owner: 'ana', [MARK]: mark }, [owner], stop))).toEqual({
    set: {},
    remove: { [MARK]: mark },
  });
  expect(writes(violationBy({ [MARK]: mark }, [owner], { resource: instance }))?.remove).toEqual({
    [MARK]: mark,
  });
  expect(writes(violationBy({ owner: 'ana', [MARK]: mark }, [owner], stop))).toEqual({
    set: { Owner: 'ana' },
    remove: { [MARK]: mark },
  });
});

it('B2.4 no deadline is set where its mark finds no room', () => {
  const full = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, 'x']));
  const verdict = violationBy(full, [owner], stop);

  expect(verdict.remedy).toBeUndefined();
  expect(verdict.advice).toContain('No tag finds room on it, so no deadline was set.');
});

it('what cannot be stopped is only told', () => {
  expect(verdictOn({}, [owner], { settings: stop.settings })).toMatchObject({
    verdict: 'violation',
    remedy: undefined,
  });
});
