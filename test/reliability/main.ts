import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { fuzzEveryDoor } from '../fuzz/doors.ts';
import { pointsOf } from './matrix/matrix.ts';
import { share } from './matrix/share.ts';
import type { Tried, Work } from './matrix/worker.ts';
import { Progress } from './progress.ts';
import { scenarios } from './scenarios/all.ts';
import { anyDraw, soakOf } from './soak/draws.ts';
import type { Violation } from './stage/audit.ts';
import { type Part, tableOf } from './table.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Simulated hours of the soak. */
    hours: { type: 'string', default: '480' },
    /** Random accounts. */
    accounts: { type: 'string', default: '24' },
    /** Bad inputs at each door. */
    inputs: { type: 'string', default: '60' },
    /** Every so-manieth point of the matrix; by default all. */
    each: { type: 'string', default: '1' },
    /** Only scenarios whose name contains this. */
    only: { type: 'string', default: '' },
    /** After so many minutes nothing new is begun; what was done by then is told. By default all is done. */
    minutes: { type: 'string', default: '0' },
  },
});
const numbers = { seed: 0, hours: 0, accounts: 0, inputs: 0, each: 0, minutes: 0 };
for (const name of Object.keys(numbers) as (keyof typeof numbers)[]) {
  const given = Number(values[name]);
  if (!Number.isInteger(given) || given < 0 || (name === 'each' && given === 0))
    throw new RangeError(`--${name} takes a whole number`);
  numbers[name] = given;
}
const { seed, hours, accounts, inputs, each, minutes } = numbers;
const startedAt = performance.now();
process.stdout.write(`Seed ${seed}: npm run reliability -- --seed ${seed} --hours ${hours}\n\n`);

const chosen = scenarios.filter(({ name }) => name.includes(values.only));
const clean = new Map<string, readonly Violation[]>();
const work: Work[] = soakOf(hours, seed).map((draw) => ({ kind: 'epoch', draw }));
const drawn = fc.sample(anyDraw, { numRuns: accounts, seed });
work.push(...drawn.map((draw): Work => ({ kind: 'epoch', draw })));
for (const scenario of chosen) {
  const { points, violations } = await pointsOf(scenario, seed);
  clean.set(scenario.name, violations);
  for (const point of points.filter((_, index) => index % each === seed % each))
    work.push({ kind: 'point', scenario: scenario.name, seed, point });
}

const tried: Tried[] = [];
const progress = new Progress(work.length);
const until = minutes === 0 ? Number.POSITIVE_INFINITY : Date.now() + minutes * 60_000;
await share(work, Math.min(4, availableParallelism()), until, (one) => {
  tried.push(one);
  const about = one.kind === 'point' ? `${one.scenario}: ${labelOf(one)}` : labelOf(one);
  progress.add(one.violations.map(({ invariant, detail }) => `${about}: ${invariant}: ${detail}`));
});

const parts: Part[] = chosen.map(({ name }) => {
  const own = tried.filter((one) => one.kind === 'point' && one.scenario === name);
  return partOf(name, own, own.length, clean.get(name));
});
const epochs = tried.filter((one) => one.kind === 'epoch');
const isSoak = ({ draw }: (typeof epochs)[number]) => !drawn.some((other) => other.seed === draw.seed);
const soak = epochs.filter(isSoak);
const random = epochs.filter((one) => !isSoak(one));
if (random.length > 0) parts.push(partOf('random accounts, settings and orders', random, random.length));
if (soak.length > 0) {
  const lived = soak.reduce((sum, { draw }) => sum + draw.hours, 0);
  parts.push(partOf('soak, simulated hours', soak, lived, growthOf(soak)));
}
const doors = inputs === 0 ? [] : await fuzzEveryDoor(inputs, seed);
if (doors.length > 0) {
  const violations = doors.flatMap(({ door, failure }): Violation[] =>
    failure === '' ? [] : [{ invariant: 'wrong', detail: `${door}: ${failure}` }],
  );
  const count = doors.reduce((sum, door) => sum + door.tried, 0);
  parts.push({ name: 'bad inputs', tried: count, faults: 0, done: 0, violations });
}

process.stdout.write(`${tableOf(parts)}\n\n`);
const all = parts.flatMap(({ name, violations }) => violations.map((one) => ({ name, ...one })));
for (const { name, invariant, detail } of all.slice(0, 40))
  process.stdout.write(`  ${name}: ${invariant}: ${detail}\n`);
const sum = (of: (one: (typeof epochs)[number]) => number) => epochs.reduce((all, one) => all + of(one), 0);
if (epochs.length > 0)
  process.stdout.write(
    `People asked for ${sum(({ undos }) => undos)} undos (${sum(({ undone }) => undone)} carried out), pulled the kill switch ${sum(({ pulls }) => pulls)} times and deployed other settings ${sum(({ deployments }) => deployments)} times. `,
  );
if (epochs.length > 0) {
  const digests = epochs.toSorted((a, b) => a.draw.seed - b.draw.seed).map(({ digest }) => digest);
  process.stdout.write(`Digest of all their calls: ${digestOf(digests)}. `);
}
if (tried.length < work.length)
  process.stdout.write(`${work.length - tried.length} left untried: time was over. `);
const heap = soak.map(({ heapMb }) => Math.round(heapMb));
const letters = sum(({ deadLetters }) => deadLetters);
process.stdout.write(`Dead letters: ${letters}, all of invocations that a fault ended. `);
if (heap.length > 0) process.stdout.write(`Memory after each epoch: ${heap.slice(-8).join(', ')} MB. `);
process.stdout.write(`${Math.round((performance.now() - startedAt) / 1000)} s.\n`);
const failed = parts.filter(({ violations }) => violations.length > 0).length;
process.stdout.write(`${parts.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || parts.length === 0 ? 1 : 0;

function partOf(
  name: string,
  own: readonly Tried[],
  count: number,
  besides: readonly Violation[] = [],
): Part {
  const sum = (of: (one: Tried) => number) => own.reduce((total, one) => total + of(one), 0);
  const violations = own.flatMap((one) =>
    one.violations.map(({ invariant, detail }) => ({ invariant, detail: `${labelOf(one)}: ${detail}` })),
  );
  const idle = own.flatMap((one): Violation[] =>
    one.kind === 'point' && one.struck === 0
      ? [{ invariant: 'untrue', detail: `${labelOf(one)}: the fault never struck` }]
      : [],
  );
  return {
    name,
    tried: count,
    faults: sum(({ struck }) => struck),
    done: sum(({ done }) => done),
    violations: [...besides, ...violations, ...idle],
  };
}

function labelOf(one: Tried): string {
  if (one.kind === 'epoch') return JSON.stringify(one.draw);
  const { call, fault } = one.point;
  return `${call.operation} ${call.occurrence + 1}, ${fault}`;
}

/** The same for the same seed and numbers, on every machine. */
function digestOf(digests: readonly string[]): string {
  return createHash('sha256').update(digests.join()).digest('hex').slice(0, 12);
}

/** Once a thread has warmed up, forgetting an account leaves it as it was before. */
function growthOf(lived: typeof epochs): readonly Violation[] {
  return [...Map.groupBy(lived, ({ thread }) => thread)].flatMap(([thread, own]): Violation[] => {
    const [first = 0, last = 0] = [own[2]?.heapMb, own.at(-1)?.heapMb];
    if (own.length < 5 || last - first < 20) return [];
    const detail = `thread ${thread} grew from ${Math.round(first)} to ${Math.round(last)} MB`;
    return [{ invariant: 'untrue', detail }];
  });
}
