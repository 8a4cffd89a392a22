import { describe, expect, it } from 'vitest';
import {
  actor,
  instance,
  parents,
  session,
  tagged,
  user,
  verdictOn,
  violationBy,
  writes,
} from './builders.ts';

const owner = { key: 'Owner' };
const stage = { key: 'Environment', values: ['prod', 'dev'] };
const full = (count: number, more: object = {}) => ({
  ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'x'])),
  ...more,
});

it('a resource with all its tags is in order, whatever else it carries', () => {
  expect(verdictOn({ Owner: 'ana', Environment: 'dev', Name: ' x ' }, [owner, stage])).toMatchObject({
    verdict: 'compliant',
    reasonCode: 'tagged',
  });
});

it('every missing and wrong key is told at once, each with what was probably meant', () => {
  const verdict = violationBy({ Environment: 'prd', Team: '' }, [owner, stage, { key: 'Team' }]);

  expect(verdict).toMatchObject({ reasonCode: 'tags-wrong', severity: 'medium', remedy: undefined });
  expect(verdict.reason).toBe(
    'vol-1: Owner is missing. Environment ("prd") is none of prod, dev. Team is empty.',
  );
  expect(verdict.advice).toEqual(['Probably meant: Environment=prod']);
  expect(verdict.evidence).toMatchObject([
    { key: 'Owner', kind: 'missing', value: null },
    { key: 'Environment', kind: 'not-allowed', value: 'prd', suggestion: 'prod' },
    { key: 'Team', kind: 'empty' },
  ]);
});

describe('keys in another case', () => {
  it('B2.1 the right key is added beside the wrong one', () => {
    const verdict = violationBy({ owner: 'ana' }, [owner]);

    expect(verdict.evidence).toMatchObject([{ kind: 'wrong-case-key', becomes: 'ana' }]);
    expect(writes(verdict)).toEqual({ set: { Owner: 'ana' }, remove: {} });
    expect(verdictOn({ owner: 'ana', Owner: 'ana' }, [owner]).verdict).toBe('compliant');
  });

  it('B2.1 the wrong one goes only where the settings say so', () => {
    const move = { settings: { wrongCase: { keys: 'move' } } };

    expect(writes(violationBy({ owner: 'ana' }, [owner], move))).toEqual({
      set: { Owner: 'ana' },
      remove: { owner: 'ana' },
    });
    expect(writes(violationBy({ owner: 'ana', Owner: 'ana' }, [owner], move))).toEqual({
      set: {},
      remove: { owner: 'ana' },
    });
    expect(
      violationBy({ owner: 'ana' }, [owner], { settings: { wrongCase: { keys: 'report' } } }),
    ).toMatchObject({
      remedy: undefined,
      advice: ['Probably meant: Owner=ana'],
    });
  });

  it.each([
    { owner: 'ana', Owner: 'ben' },
    { owner: 'ana', OWNER: 'ben' },
  ])('B2.2 two spellings with two values are never merged: %j', (tags) => {
    expect(violationBy(tags, [{ ...owner, default: 'nobody' }])).toMatchObject({
      reasonCode: 'tags-in-conflict',
      remedy: undefined,
      severity: 'medium',
    });
  });

  it('B2.1 a value that is wrong as well is told, not carried over', () => {
    expect(violationBy({ environment: 'kitchen' }, [stage])).toMatchObject({
      remedy: undefined,
      reason:
        'vol-1: environment should be written Environment, and its value ("kitchen") is none of prod, dev.',
    });
  });

  it('B2.8 a key with a space behind is another key', () => {
    expect(writes(violationBy({ 'Owner ': 'ana' }, [owner]))).toEqual({ set: { Owner: 'ana' }, remove: {} });
  });
});

it('B2.3 tags of AWS itself satisfy nothing, conflict with nothing and do not count', () => {
  const aws = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`aws:key-${index}`, 'x']));

  expect(
    writes(violationBy({ ...full(49), ...aws, 'aws:owner': 'x' }, [{ ...owner, default: 'ops' }])),
  ).toEqual({
    set: { Owner: 'ops' },
    remove: {},
  });
});

it.each([
  [48, { Owner: 'ops', Environment: 'dev' }],
  [49, undefined],
])('B2.4 with %i tags already, two new ones are written together or not at all', (count, set) => {
  const rules = [
    { ...owner, default: 'ops' },
    { ...stage, default: 'dev' },
  ];
  const verdict = violationBy(full(count), rules);

  expect(writes(verdict)?.set).toEqual(set);
  if (set === undefined) {
    expect(verdict.reason).toContain(
      'Owner is missing; it becomes "ops" (default), but it cannot be written',
    );
    expect(verdict.reason).toContain('already has 49 of 50 tags');
    expect(verdict.evidence).toMatchObject([
      { key: 'Owner', becomes: null },
      { key: 'Environment', becomes: null },
    ]);
  }
});

it('B2.5 a value that is too long to be written is told, never cut', () => {
  const verdict = violationBy({}, [{ ...owner, from: ['creator'] }], {
    resource: { creator: user('a'.repeat(257)) },
  });

  expect(verdict.remedy).toBeUndefined();
  expect(verdict.reason).toContain('longer than the 256 characters');
});

it.each(['cost/center', 'cost center', '.', '..', '_index'])(
  'B2.6 the key %j is not written on an instance that shows its tags to whoever is on it',
  (key) => {
    const rules = [
      { key, default: 'x' },
      { key: 'Owner', default: 'ops' },
    ];
    const verdict = violationBy({}, rules, { resource: { ...instance, metadataTags: true } });

    expect(writes(verdict)?.set).toEqual({ Owner: 'ops' });
    expect(verdict.reason).toContain('shows its tags in its metadata');
    expect(writes(violationBy({}, rules, { resource: instance }))?.set).toEqual({ [key]: 'x', Owner: 'ops' });
  },
);

it('B2.7 B2.8 empty, placeholder and untidy values stay as they are and are told', () => {
  for (const value of ['', '\u00a0', 'TODO', 'n/a', 'ana ']) {
    expect(violationBy({ Owner: value }, [{ ...owner, default: 'ops' }]).remedy).toBeUndefined();
  }
  expect(violationBy({ Owner: 'ana ' }, [owner]).severity).toBe('low');
});

it('B2.9 a value in another case is put right only where the settings say so', () => {
  const fix = { settings: { wrongCase: { values: 'fix' } } };

  expect(violationBy({ Environment: 'Prod' }, [stage])).toMatchObject({
    remedy: undefined,
    advice: ['Probably meant: Environment=prod'],
  });
  expect(writes(violationBy({ Environment: 'Prod' }, [stage], fix))).toEqual({
    set: { Environment: 'prod' },
    remove: {},
  });
  expect(violationBy({ Environment: 'kitchen' }, [stage], fix).remedy).toBeUndefined();
  expect(violationBy({ Environment: 'Prod ' }, [stage], fix).remedy).toBeUndefined();
});

describe('B2.11 a rule with a condition', () => {
  const cost = { key: 'CostCenter', pattern: '\\d{4}', when: { key: 'Environment', in: ['prod'] } };

  it('asks only where the condition holds', () => {
    expect(verdictOn({ Environment: 'dev' }, [stage, cost]).verdict).toBe('compliant');
    expect(violationBy({ Environment: 'prod' }, [stage, cost]).reason).toContain('CostCenter is missing');
  });

  it('sees the condition as it is after the fixes', () => {
    const defaulted = { ...stage, default: 'prod' };
    expect(violationBy({}, [defaulted, cost]).reason).toContain('CostCenter is missing');
    expect(violationBy({ environment: 'prod' }, [stage, cost]).reason).toContain('CostCenter is missing');
    expect(violationBy({ environment: 'dev' }, [stage, cost]).reason).not.toContain('CostCenter');
  });
});

it('an optional rule looks at what is there and misses nothing', () => {
  const optional = { ...stage, required: false };

  expect(verdictOn({}, [optional]).verdict).toBe('compliant');
  expect(violationBy({ Environment: 'x' }, [optional]).reasonCode).toBe('tags-wrong');
  expect(writes(violationBy({ environment: 'dev' }, [optional]))?.set).toEqual({ Environment: 'dev' });
});

it('a rule for other types asks for nothing', () => {
  expect(verdictOn({}, [{ ...owner, types: ['AWS::S3::Bucket'] }]).verdict).toBe('compliant');
});

describe('where a missing value comes from', () => {
  const inherited = { ...owner, from: ['parent', 'creator'], default: 'ops' };

  it('B2.16 from what it belongs to, before anything else', () => {
    const given = { facts: parents({ 'i-1': { Owner: 'ana' } }), resource: { creator: user('ben') } };
    const verdict = violationBy({}, [inherited], given);

    expect(writes(verdict)?.set).toEqual({ Owner: 'ana' });
    expect(verdict.reason).toBe('vol-1: Owner is missing; it becomes "ana" (as i-1 has it).');
  });

  it('B2.16 a value of its own is never overridden by what it belongs to', () => {
    expect(
      verdictOn({ Owner: 'ben' }, [inherited], { facts: parents({ 'i-1': { Owner: 'ana' } }) }).verdict,
    ).toBe('compliant');
  });

  it('B2.16 a volume of two instances with two owners gets neither', () => {
    const two = { facts: parents({ 'i-1': { Owner: 'ana' }, 'i-2': { Owner: 'ben' } }) };
    const verdict = violationBy({}, [{ ...owner, from: ['parent'] }], two);

    expect(verdict.remedy).toBeUndefined();
    expect(verdict.reason).toContain('disagrees: i-1 has "ana", i-2 has "ben"');
    expect(
      writes(
        violationBy({}, [{ ...owner, from: ['parent'] }], {
          facts: parents({ 'i-1': { Owner: 'ana' }, 'i-2': { Owner: 'ana' }, 'i-3': {} }),
        }),
      )?.set,
    ).toEqual({ Owner: 'ana' });
  });

  it('from who made it', () => {
    expect(
      writes(violationBy({}, [inherited], { resource: { creator: session('Dev', 'ana') } }))?.set,
    ).toEqual({
      Owner: 'ana',
    });
  });

  it('B2.25 the default where a service made it', () => {
    const creator = actor({ type: 'AWSService', name: 'autoscaling.amazonaws.com' });

    expect(writes(violationBy({}, [inherited], { resource: { creator } }))?.set).toEqual({ Owner: 'ops' });
    expect(violationBy({}, [{ ...owner, from: ['creator'] }], { resource: { creator } }).reason).toBe(
      'vol-1: Owner is missing: autoscaling.amazonaws.com made it for somebody.',
    );
  });

  it('never a value that the rule itself forbids', () => {
    const strict = { key: 'Owner', pattern: '[a-z]+@example\\.com', from: ['parent', 'creator'] };
    const given = {
      facts: parents({ 'i-1': { Owner: 'ana' } }),
      resource: { creator: user('ben@example.com') },
    };

    expect(writes(violationBy({}, [strict], given))?.set).toEqual({ Owner: 'ben@example.com' });
    expect(violationBy({}, [strict], { ...given, resource: {} }).reason).toContain(
      'but its value ("ana") does not',
    );
  });

  it('nothing from parents of which some could not be read', () => {
    const unread = { ...parents({ 'i-1': { Owner: 'ana' } }), parentsUnread: 'AccessDenied' };

    expect(violationBy({}, [{ ...owner, from: ['parent'] }], { facts: unread }).remedy).toBeUndefined();
  });
});

it('B2.26 what the root user made is worth a call', () => {
  const creator = actor({ type: 'Root', name: 'root' });
  const verdict = violationBy({}, [{ ...owner, from: ['creator'] }], { resource: { creator } });

  expect(verdict.severity).toBe('high');
  expect(writes(verdict)?.set).toEqual({ Owner: 'root' });
});

it('B2.12 B2.13 nothing is due before the grace is over', () => {
  const graceUntil = new Date('2026-11-20T12:10:00Z');

  expect(violationBy({}, [owner], { resource: { graceUntil } }).notBefore).toEqual(graceUntil);
  expect(violationBy({}, [owner])).not.toHaveProperty('notBefore');
});

it('B6.31 tag keys called like built-ins are plain data', () => {
  const odd = JSON.parse('{"__proto__": "x", "toString": "y", "constructor": "z"}');
  const rules = [{ key: '__proto__' }, { key: 'toString' }, { key: 'hasOwnProperty', default: 'w' }];

  expect(tagged(odd).tags.get('__proto__')).toBe('x');
  expect(writes(violationBy(odd, rules))?.set).toEqual({ hasOwnProperty: 'w' });
});

describe('the change as it is journaled', () => {
  const change = violationBy({ owner: 'ana', Name: 'x' }, [owner, { ...stage, default: 'dev' }], {
    settings: { wrongCase: { keys: 'move' } },
  }).remedy;

  it('says what it does and how to take it back', () => {
    expect(change).toMatchObject({
      action: 'tag-resource',
      summary: 'Tag with Owner=ana, Environment=dev; remove the tag owner',
      undo: 'Remove the tags Owner, Environment from vol-1; Write owner=ana on vol-1',
      before: {
        type: 'AWS::EC2::Volume',
        id: 'vol-1',
        tags: [
          { Key: 'Environment', Value: null },
          { Key: 'Owner', Value: null },
          { Key: 'owner', Value: 'ana' },
        ],
      },
    });
  });

  it('B2.18 B5.15 is the same minutes later and another one after a quarter of an hour', () => {
    const at = (minutes: number) =>
      violationBy({}, [{ ...owner, default: 'ops' }], { now: new Date(Date.UTC(2026, 10, 20, 12, minutes)) })
        .remedy;

    expect(at(14)?.fingerprint).toBe(at(0)?.fingerprint);
    expect(at(15)?.fingerprint).not.toBe(at(0)?.fingerprint);
    expect(at(15)?.repeatKey).toBe(at(0)?.repeatKey);
  });
});
