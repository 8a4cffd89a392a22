import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { BORDERLESS, trimmed } from '../../cli/render/borderless.ts';
import { pointsOf } from './matrix/matrix.ts';
import { share } from './matrix/share.ts';
import type { Tried } from './matrix/worker.ts';
import { scenarios } from './scenarios/all.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Tries every so-manieth point only. */
    each: { type: 'string', default: '1' },
    /** Only scenarios whose name contains this. */
    only: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed);
const each = Number(values.each);
const startedAt = performance.now();

process.stdout.write(`Reliability, seed ${seed}: npm run reliability -- --seed ${seed}\n\n`);
const tried: Tried[] = [];
const chosen = scenarios.filter(({ name }) => name.includes(values.only));
const work: Parameters<typeof share>[0]['work'][number][] = [];
const failures: string[] = [];
for (const scenario of chosen) {
  const { points, violations } = await pointsOf(scenario, seed);
  for (const { invariant, detail } of violations)
    failures.push(`${scenario.name}, nothing going wrong: ${invariant}: ${detail}`);
  work.push(
    ...points
      .filter((_, index) => index % each === seed % each)
      .map((point) => ({ scenario: scenario.name, point })),
  );
}
await share({ seed, work }, Math.min(4, availableParallelism()), (one) => {
  tried.push(one);
  if (one.struck === 0) failures.push(`${labelOf(one)}: it never struck`);
  for (const { invariant, detail } of one.violations)
    failures.push(`${labelOf(one)}: ${invariant}: ${detail}`);
});

const head = ['scenario', 'points', 'faults', 'invocations', 'done', 'wrong', 'lost', 'doubled', 'other'];
const table = new Table({
  ...BORDERLESS,
  head,
  colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
});
let passed = 0;
for (const { name } of chosen) {
  const own = tried.filter(({ scenario }) => scenario === name);
  const sum = (of: (one: Tried) => number) => own.reduce((total, one) => total + of(one), 0);
  const count = (wanted: string) =>
    sum(({ violations }) => violations.filter(({ invariant }) => invariant === wanted).length);
  const all = sum(({ violations }) => violations.length);
  const [wrong, lost, doubled] = [count('wrong'), count('lost'), count('doubled')];
  const other = all - wrong - lost - doubled;
  table.push(
    [
      name,
      own.length,
      sum(({ struck }) => struck),
      sum(({ invocations }) => invocations),
      sum(({ done }) => done),
      wrong,
      lost,
      doubled,
      other,
    ].map(String),
  );
  if (all === 0) passed += 1;
}
process.stdout.write(`${trimmed(table)}\n\n`);
for (const failure of failures.slice(0, 40)) process.stdout.write(`  ${failure}\n`);
const failed = chosen.length - passed;
process.stdout.write(
  `\n${tried.length} points in ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`,
);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed + failures.length > 0 ? 1 : 0;

function labelOf({ scenario, point: { call, fault } }: Tried): string {
  return `${scenario}, ${call.operation} ${call.occurrence + 1}, ${fault}`;
}
