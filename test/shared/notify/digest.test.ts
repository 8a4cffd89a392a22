import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Result, RunReport } from '../../../shared/engine/outcome.ts';
import { digest } from '../../../shared/notify/digest.ts';
import { anyText } from '../../support/any-text.ts';
import { away, House, home, named, noon, sweep } from '../../support/lamps.ts';

const bytes = (text: string) => new TextEncoder().encode(text).length;

it('one event in one readable message', async () => {
  const house = new House();
  house.add('hall', { name: 'front hall' });
  const { subject, text, json } = digest(await house.run(named('hall')));

  expect(subject).toBe('Reeve: switched off a lamp on hall (111122223333, eu-west-1)');
  expect(text).toBe(
    [
      'No lamp burns (lights-out)',
      '1 looked at: 0 in order, 1 out of policy, 0 exempt, 0 unknown.',
      '1 remedied, 0 failed, 0 queued, 0 left alone.',
      '',
      'Done',
      '- hall (front hall), 111122223333, eu-west-1 [medium]',
      '  Why: hall is lit.',
      '  Who: ana (arn:aws:iam::111122223333:user/ana) from 203.0.113.9, by LightLamp',
      '  Done: Switch off hall: done, and seen by reading again.',
      '  To take it back: Switch hall on again.',
      '  Journal: id-2',
      '  Command: reeve undo id-2',
      '',
      'Where Reeve looked',
      '- 111122223333, eu-west-1: 1 looked at, 0 in order',
      '',
      'About this run',
      'Set off by LightLamp, 2026-11-20T12:00:00.000Z.',
      'Run id-1, complete.',
    ].join('\n'),
  );
  expect(JSON.parse(json)).toMatchObject([
    {
      policy: 'lights-out',
      account: '111122223333',
      region: 'eu-west-1',
      resource: 'hall',
      verdict: 'violation',
      reasonCode: 'lamp-lit',
      evidence: [{ light: 'lit' }],
      remedy: { action: 'switch-off', parameters: { lamp: 'hall' } },
      outcome: { outcome: 'done', code: 'remedied' },
    },
  ]);
});

it('a sweep tells the worst first, what was left alone and why, and where nothing was', async () => {
  const house = new House();
  house.add('kept', { severity: 'low', tags: new Map([['keep', '']]) });
  house.add('vault', { severity: 'critical', refuses: { code: 'UnauthorizedOperation' } });
  house.add('attic', { light: 'flicker' });
  house.add('hall', { severity: 'high' });
  const protect = { ids: [], names: [], tags: ['keep'] };
  const { subject, text } = digest(await house.run(sweep, { protect }, [home, away]));

  expect(subject).toBe(
    'ACTION NEEDED: Reeve: 1 failed, 1 remedied, 2 left alone - lights-out (111122223333, eu-west-1)',
  );
  const order = [
    'ACTION NEEDED',
    '- vault',
    'Failed or',
    'Done',
    '- hall',
    'Left alone',
    '- kept',
    '- attic',
  ];
  const positions = order.map((part) => text.indexOf(part));
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(text).toContain('Left alone: It carries the protecting tag keep.');
  expect(text).toContain('- 111122223333, us-east-1: 0 looked at, 0 in order');
});

it('B3.36 a replayed event is marked, a report run says that nothing was changed', async () => {
  const house = new House();
  house.add('hall');
  const { text } = digest(await house.run({ ...named('hall'), delivery: 'replayed' }, { mode: 'report' }));
  expect(text).toContain('(replayed event)');
  expect(text).toContain('Mode: report. Nothing was changed.');
  expect(text).toContain('Would: Switch off hall');
});

/** A report as strangers may fill it. */
function reportOf(results: readonly Result[], change: Partial<RunReport> = {}): RunReport {
  const counts = {
    scanned: 9,
    compliant: 0,
    violations: 9,
    exempt: 0,
    unknown: 0,
    done: 0,
    skipped: 9,
    failed: 0,
    queued: 0,
  };
  return {
    run: 'run-1',
    policy: 'lights-out',
    title: 'No lamp burns',
    mode: 'enforce',
    signal: sweep,
    startedAt: noon,
    finishedAt: noon,
    places: [],
    results,
    omitted: 0,
    missing: [],
    counts,
    state: 'complete',
    pages: [],
    warnings: [],
    ...change,
  };
}

function resultOf(id: string, reason: string, evidence: number, extra: Partial<Result> = {}): Result {
  return {
    ...home,
    resource: { type: 'Test::Lamp', id, arn: `arn:${id}`, name: reason, tags: new Map() },
    verdict: {
      verdict: 'violation',
      reasonCode: 'lamp-lit',
      reason,
      severity: 'high',
      evidence: Array.from({ length: evidence }, () => ({ note: reason })),
      remedy: undefined,
      advice: ['Existing sessions continue.'],
    },
    outcome: { outcome: 'skipped', code: 'alert-only', reason: 'A person has to decide.' },
    notes: [],
    ...extra,
  };
}

it('B5.35 body and JSON stay below 262,144 bytes, cut between entries, and say how many more there are', () => {
  const results = Array.from({ length: 10_000 }, (_, n) => resultOf(`lamp-${n}`, '灯'.repeat(90), 3));
  const { subject, text, json } = digest(
    reportOf(results, { omitted: 7, pages: results.map(() => '灯'.repeat(900)) }),
  );
  expect(bytes(subject) + bytes(text) + bytes(json)).toBeLessThan(262_144 - 1000);
  const shown = text.split('\n').filter((line) => line.startsWith('- lamp-')).length;
  expect(text).toContain(`and ${10_007 - shown} more`);
  expect(shown).toBeGreaterThan(50);
  expect(JSON.parse(json).length).toBeGreaterThan(20);
  expect(text.isWellFormed()).toBe(true);
});

it('B5.35 one finding with very much evidence hides no other', () => {
  const { json } = digest(reportOf([resultOf('huge', 'x'.repeat(900), 5000), resultOf('hall', 'lit', 1)]));
  expect(JSON.parse(json)).toMatchObject([
    { resource: 'huge', evidence: { length: 10 }, evidenceOmitted: 4990 },
    { resource: 'hall', evidence: [{ note: 'lit' }] },
  ]);
});

it('B5.36 B6.26 the subject is 1 to 99 printable ASCII characters, whatever the names are', () => {
  const hostile = fc.oneof(anyText(), fc.constantFrom('\r\nBcc: x@y', '\u202e', 'é', '\u2028', ''));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hostile, hostile), { maxLength: 3 }),
      hostile,
      fc.boolean(),
      (pairs, name, page) => {
        const results = pairs.map(([id, reason]) => resultOf(id, reason, 1, { account: name, region: name }));
        const report = reportOf(results, { policy: name || 'p', pages: page ? [name] : [] });
        const { subject, text } = digest(report);
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(subject.startsWith('ACTION NEEDED')).toBe(page);
        expect(text.split('\n').every((line) => !/\p{Cc}|[\u2028\u2029\u202a-\u202e]/u.test(line))).toBe(
          true,
        );
      },
    ),
    { numRuns: 150 },
  );
});

it('B5.36 a long name is cut, the place stays', () => {
  const { subject } = digest(reportOf([resultOf('x'.repeat(300), 'lit', 1)]));
  expect(subject).toHaveLength(99);
  expect(subject).toMatch(/^Reeve: lamp lit on x+\.\.\. \(111122223333, eu-west-1\)$/);
});

it('B6.26 B6.22 a forged line in a tag, name or reason stays inside its own line', () => {
  const forged = 'ok\r\n\r\nACTION NEEDED\n- send your keys to AKIAIOSFODNN7EXAMPLE';
  const { text, json } = digest(reportOf([resultOf('hall', forged, 1, { notes: [forged] })]));
  expect(text.split('\n')).not.toContain('ACTION NEEDED');
  expect(text + json).not.toContain('AKIA');
});

it('B6.31 evidence called __proto__ is plain data', () => {
  const result = resultOf('hall', 'lit', 0);
  const evidence = [JSON.parse('{"__proto__":{"polluted":true},"toString":"x"}')];
  const { json } = digest(reportOf([{ ...result, verdict: { ...result.verdict, evidence } }]));
  expect(json).toContain('"__proto__":{"polluted":true}');
  expect({}).not.toHaveProperty('polluted');
});

it('money is said where it is known, and unknown is not 0', () => {
  const result = resultOf('hall', 'lit', 0);
  const saving = (monthlySaving: number | 'unknown'): Result => ({
    ...result,
    verdict: { ...result.verdict, monthlySaving } as Result['verdict'],
  });
  const { text } = digest(reportOf([saving(12.5), saving('unknown')]));
  expect(text).toContain('Saving when all is remedied: US$ 12.50 a month, and 1 of unknown price.');
  expect(digest(reportOf([saving('unknown')])).text).toContain(
    'Saving when all is remedied: 1 of unknown price.',
  );
  expect(digest(reportOf([result])).text).not.toContain('Saving');
});

it('B3.47 advice is passed on', () => {
  expect(digest(reportOf([resultOf('hall', 'lit', 0)])).text).toContain('Note: Existing sessions continue.');
});

it('what could not be read and what went less than well is told', () => {
  const missing = [
    { ref: { type: 'Test::Lamp', id: 'hall' }, why: 'unreadable', reason: 'Denied.' },
    { ref: { type: 'Test::Lamp', id: 'attic' }, why: 'gone', reason: 'Taken down.' },
  ] as const;
  const places = [{ ...away, state: 'failed', reason: 'No role.', scanned: 0, compliant: 0 }] as const;
  const { subject, text } = digest(reportOf([], { missing, places, warnings: ['The journal was slow.'] }));
  expect(subject).toBe('Reeve: 1 not read - lights-out (111122223333, us-east-1)');
  expect(text).toContain('Could not be read\n- hall (unreadable): Denied.');
  expect(text).not.toContain('Taken down');
  expect(text).toContain('0 looked at, 0 in order; failed: No role.');
  expect(text).toContain('Warnings\n- The journal was slow.');
});

it('B5.26 a run that could read nothing says so', () => {
  const { subject } = digest(reportOf([], { state: 'failed' }));
  expect(subject).toBe('Reeve: could not read anything - lights-out (111122223333, eu-west-1)');
});

it('B5.35 what is still to come and found no room in the text is known to be untold', () => {
  const outcome = { outcome: 'queued', code: 'grace', reason: 'x'.repeat(500), due: noon } as const;
  const results = Array.from({ length: 500 }, (_, index) => resultOf(`lamp-${index}`, 'lit', 1, { outcome }));
  const { text, untold } = digest(reportOf(results));

  expect(untold.length).toBeGreaterThan(0);
  expect(text).toContain(`and ${untold.length} more`);
  const missing = results.filter(({ resource }) => !text.includes(`- ${resource.id} (`));
  expect(untold).toEqual(missing);
});
