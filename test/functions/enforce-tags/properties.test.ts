import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../../functions/enforce-tags/judge.ts';
import type { FixTags } from '../../../functions/enforce-tags/remedy.ts';
import { NO_FACTS, type Tagged } from '../../../functions/enforce-tags/resource.ts';
import { facts, instance, noon, set, tagged, user } from './builders.ts';

const key = fc.constantFrom(
  'Owner',
  'owner',
  'OWNER ',
  'Environment',
  'environment',
  'Team',
  'aws:x',
  '__proto__',
  'Name',
);
const value = fc.constantFrom(
  '',
  ' ',
  'ana',
  'ben',
  'prod',
  'Prod',
  'dev',
  'todo',
  'kitchen',
  'ana ',
  '1234',
);
const tags = fc
  .tuple(fc.array(fc.tuple(key, value), { maxLength: 8 }), fc.integer({ min: 0, max: 50 }))
  .map(([some, many]) => {
    const all = new Map<string, string>(Array.from({ length: many }, (_, index) => [`key-${index}`, 'x']));
    for (const [name, text] of some) all.set(name, text);
    return all;
  })
  .filter((all) => userTags(all) <= 50);

const settings = fc
  .record({
    keys: fc.constantFrom('add', 'move', 'report'),
    values: fc.constantFrom('report', 'fix'),
    action: fc.constantFrom('report', 'stop'),
    fallback: fc.constantFrom('dev', undefined),
    owner: fc.constantFrom(['parent', 'creator'], ['creator'], []),
  })
  .map(({ keys, values, action, fallback, owner }) =>
    set({
      tags: [
        { key: 'Owner', from: owner },
        {
          key: 'Environment',
          values: ['prod', 'dev'],
          ...(fallback === undefined ? {} : { default: fallback }),
        },
        { key: 'CostCenter', pattern: '\\d{4}', when: { key: 'Environment', in: ['prod'] }, default: '1234' },
        { key: 'Team', required: false },
      ],
      wrongCase: { keys, values },
      onDeadline: action,
    }),
  );

const given = fc.record({
  tags,
  settings,
  parent: fc.option(value, { nil: undefined }),
  creator: fc.constantFrom(undefined, user('ana')),
});
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

function userTags(all: ReadonlyMap<string, string>): number {
  return [...all.keys()].filter((name) => !name.startsWith('aws:')).length;
}

function verdictOf({ tags: all, settings: own, parent, creator }: Given) {
  const resource: Tagged = { ...tagged({}, { ...instance, creator }), tags: all };
  const around =
    parent === undefined ? NO_FACTS : facts({ parents: [{ id: 'i-2', tags: new Map([['Owner', parent]]) }] });
  return judge(resource, around, own, noon);
}

function remedyOf(one: Given): FixTags | undefined {
  const verdict = verdictOf(one);
  return verdict.verdict === 'violation' ? verdict.remedy : undefined;
}

function after({ tags: before }: Given, { set: written, remove }: FixTags): Map<string, string> {
  const all = new Map([...before, ...written]);
  for (const name of remove.keys()) all.delete(name);
  return all;
}

it('B2.8 B2.9 an existing value is never changed, unless only its case is wrong and the settings say so', () => {
  fc.assert(
    fc.property(given, (one) => {
      for (const [name, text] of remedyOf(one)?.set ?? []) {
        const before = one.tags.get(name);
        if (before === undefined) continue;
        expect(one.settings.wrongCase.values).toBe('fix');
        expect(text.toLowerCase()).toBe(before.toLowerCase());
      }
    }),
  );
});

it('B2.1 a tag is only removed where its value is kept under the right key, and only when asked for', () => {
  fc.assert(
    fc.property(given, (one) => {
      const remedy = remedyOf(one);
      if (remedy === undefined) return;
      for (const [name, text] of remedy.remove) {
        expect(one.settings.wrongCase.keys).toBe('move');
        expect(one.tags.get(name)).toBe(text);
        expect([...after(one, remedy).values()]).toContain(text);
      }
    }),
  );
});

it('B2.3 B2.4 never more than 50 tags, never one of AWS', () => {
  fc.assert(
    fc.property(given, (one) => {
      const remedy = remedyOf(one);
      if (remedy === undefined) return;
      expect(userTags(after(one, remedy))).toBeLessThanOrEqual(50);
      expect([...remedy.set.keys(), ...remedy.remove.keys()].filter((name) => /^aws:/i.test(name))).toEqual(
        [],
      );
    }),
  );
});

it('B2.38 what is put right stays right: judged again there is nothing more to do', () => {
  fc.assert(
    fc.property(given, (one) => {
      const remedy = remedyOf(one);
      if (remedy === undefined) return;
      expect(remedyOf({ ...one, tags: after(one, remedy) })).toBeUndefined();
    }),
  );
});

it('the same question has the same answer', () => {
  fc.assert(
    fc.property(given, (one) => {
      expect(verdictOf(one)).toEqual(verdictOf(one));
    }),
  );
});

it('every tag that a compliant resource has to have is there and is allowed', () => {
  fc.assert(
    fc.property(given, (one) => {
      if (verdictOf(one).verdict !== 'compliant') return;
      expect(one.tags.get('Owner')?.trim()).toBeTruthy();
      expect(['prod', 'dev']).toContain(one.tags.get('Environment'));
    }),
  );
});
