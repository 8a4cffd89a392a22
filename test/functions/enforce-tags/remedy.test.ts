import { expect, it } from 'vitest';
import { judge } from '../../../functions/enforce-tags/judge.ts';
import type { FixTags } from '../../../functions/enforce-tags/remedy.ts';
import type { Tagged } from '../../../functions/enforce-tags/resource.ts';
import { isSameChange } from '../../../shared/engine/planned.ts';
import { clear, facts, instance, machine, noon, set, tagged } from './builders.ts';

const HOUR = 3_600_000;
const later = (ms: number) => new Date(noon.getTime() + ms);
const owner = set({ tags: [{ key: 'Owner', default: 'ops' }] });
const deadline = set({ tags: [{ key: 'Owner' }], onDeadline: 'stop', deadline: { days: 3 } });

function remedy(resource: Tagged, settings: typeof owner, now: Date): FixTags {
  const verdict = judge(resource, facts({ around: clear }), settings, now);
  if (verdict.verdict !== 'violation' || !verdict.remedy) throw new Error(JSON.stringify(verdict));
  return verdict.remedy;
}

it('B6.21 tags that are planned are still the same an hour later, though a second delivery is not', () => {
  const [planned, fresh] = [noon, later(HOUR)].map((now) => remedy(tagged(), owner, now));
  expect(fresh?.fingerprint).not.toBe(planned?.fingerprint);
  expect(planned && fresh && isSameChange(planned, fresh)).toBe(true);
});

it('B6.21 the mark of a deadline may be written an hour later than planned', () => {
  const resource = tagged({}, instance);
  const [planned, fresh] = [noon, later(1.5 * HOUR)].map((now) => remedy(resource, deadline, now));
  expect(fresh?.parameters).not.toEqual(planned?.parameters);
  expect(planned && fresh && isSameChange(planned, fresh)).toBe(true);
});

it('B6.21 another value than planned is another change', () => {
  const other = set({ tags: [{ key: 'Owner', default: 'dev' }] });
  expect(isSameChange(remedy(tagged(), owner, noon), remedy(tagged(), other, noon))).toBe(false);
});

it('B6.21 a stop that was planned is for that launch only', () => {
  const due = { 'reeve:enforce-tags': 'stop@2026-11-20T10:00Z' };
  const started = (since: string) =>
    tagged(due, { ...instance, machine: machine({ launchTime: new Date(since) }) });
  const [one, other] = ['2026-11-01T00:00:00Z', '2026-11-20T11:00:00Z'].map((since) =>
    remedy(started(since), deadline, noon),
  );
  expect([one?.action, other?.action]).toEqual(['stop-instance', 'stop-instance']);
  expect(one && other && isSameChange(one, other)).toBe(false);
});
