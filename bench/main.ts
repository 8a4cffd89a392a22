import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { atAccount, type Conditions } from './at-account.ts';
import { type Contender, contenders } from './contenders.ts';
import { JOBS, type JobName } from './jobs/table.ts';
import { type Figures, median, runProgram } from './run-program.ts';
import { ratios, table } from './table.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    latency: { type: 'string', default: '20' },
    groups: { type: 'string', default: '1000,5000' },
    instances: { type: 'string', default: '1000,10000' },
    resources: { type: 'string', default: '1000,10000' },
    versions: { type: 'string', default: '100000,1000000' },
    'no-throttling': { type: 'boolean', default: false },
  },
});
const { only, quick } = values;
if (only !== undefined && !(only in JOBS)) {
  throw new Error(`--only takes one of ${Object.keys(JOBS).join(', ')}, not ${only}`);
}
const conditions: Conditions = { latencyMs: Number(values.latency), throttling: !values['no-throttling'] };
const repeats = quick ? 3 : 11;
/** A tenth of each size in a quick run. */
const sizesOf = (sizes: string) =>
  sizes.split(',').map((size) => (quick ? Math.max(100, Math.ceil(Number(size) / 10)) : Number(size)));

/** From the call that opens a port to the call that closes it, in a cold function and in a warm one. */
async function events(contender: Contender): Promise<readonly string[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  let calls: readonly string[] = [];
  for (let round = 0; round < Math.ceil(repeats / 3); round++) {
    await atAccount(contender, conditions, async (_, ask) => {
      cold.push((await ask({ ask: 'event' })).revokedMs);
      for (let event = 0; event < 5; event++) {
        const told = await ask({ ask: 'event' });
        warm.push(told.revokedMs);
        calls = told.calls;
      }
    });
  }
  return [contender.name, whole(median(cold)), whole(median(warm)), String(calls.length), tally(calls)];
}

/** One job at one size, by the bundle in a process of its own at a fresh account: the medians of a few rounds. */
async function measure(contender: Contender, job: JobName, size: number, rounds: number) {
  const figures: Figures[] = [];
  let calls: readonly string[] = [];
  for (let round = 0; round < rounds; round++) {
    await atAccount(contender, conditions, async ({ environment, arn }, ask) => {
      await ask({ ask: 'seed', job, size });
      const figure = await runProgram(contender, 'sweep', environment, arn);
      figures.push(figure);
      calls = await ask({ ask: 'calls' });
      const flaws = await ask({ ask: 'flaws', job, size, found: figure.found });
      if (flaws.length > 0) throw new Error(`${contender.name}, ${job} ${size}: ${flaws.join('; ')}`);
    });
  }
  const of = (figure: keyof Figures) => median(figures.map((each) => each[figure]));
  return {
    calls: calls.length,
    seconds: of('wallMs') / 1000,
    cpu: of('cpuMs') / 1000,
    mb: of('peakMb'),
    tally: tally(calls),
  };
}

/** Both programs at every size, with the ratios between them, and the growth of each from the smallest to the largest. */
async function sweeps(
  job: JobName,
  sizes: readonly number[],
  rounds: number,
): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  const [first, second] = await contenders(job);
  if (first === undefined || second === undefined) throw new Error('Nothing to compare.');
  const all: { readonly size: number; readonly reeve: Measured; readonly bare: Measured }[] = [];
  for (const size of sizes) {
    const reeve = await measure(first, job, size, rounds);
    const bare = await measure(second, job, size, rounds);
    all.push({ size, reeve, bare });
    rows.push(row('reeve', size, reeve), row('bare', size, bare), ratios('ratio', reeve, bare));
  }
  const [small, large] = [all[0], all.at(-1)];
  if (small !== undefined && large !== undefined && small !== large) {
    rows.push(
      ratios('growth, reeve', large.reeve, small.reeve),
      ratios('growth, bare', large.bare, small.bare),
    );
  }
  return rows;
}

type Measured = Awaited<ReturnType<typeof measure>>;

function row(
  name: string,
  size: number,
  { calls, seconds, cpu, mb, tally: text }: Measured,
): readonly string[] {
  return [name, String(size), String(calls), seconds.toFixed(2), cpu.toFixed(2), whole(mb), text];
}

async function sizes(contender: Contender): Promise<readonly string[]> {
  const { environment } = await atAccount(contender, conditions, async (opened) => opened);
  const imports: number[] = [];
  for (let round = 0; round < repeats; round++) {
    imports.push((await runProgram(contender, 'import', environment)).importMs);
  }
  const { name, bundleBytes, zipBytes } = contender;
  return [name, whole(bundleBytes / 1000), whole(zipBytes / 1000), whole(median(imports))];
}

const whole = (number: number) => String(Math.round(number));

/** `DescribeSecurityGroups ×5, PutItem`. */
function tally(calls: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
  return [...counts].map(([call, count]) => (count === 1 ? call : `${call} ×${count}`)).join(', ');
}

const [cpu] = cpus();
const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${whole(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
const limits = conditions.throttling ? 'token buckets on' : 'token buckets off';
console.log(`${machine}; ${conditions.latencyMs} ms an answer, ${limits}\n`);

const asked = (job: JobName) => only === undefined || only === job;
const HEAD = ['calls', 's', 'CPU s', 'peak MB', ''];

if (asked('ssh')) {
  const both = await contenders('ssh');
  const rows = async (one: (contender: Contender) => Promise<readonly string[]>) => {
    const measured: (readonly string[])[] = [];
    for (const contender of both) measured.push(await one(contender));
    return measured;
  };
  const head = ['', 'cold ms', 'warm ms', 'calls', ''];
  console.log(table('An event, until the port is closed', head, await rows(events)));
  const swept = await sweeps('ssh', sizesOf(values.groups), quick ? 1 : 3);
  console.log(table('A sweep, 5 groups open', ['', 'groups', ...HEAD], swept));
  console.log(table('The bundle', ['', 'KB', 'zip KB', 'import ms'], await rows(sizes)));
}
if (asked('idle')) {
  const swept = await sweeps('idle', sizesOf(values.instances), quick ? 1 : 3);
  console.log(table('A sweep for idle instances, 5 % idle', ['', 'instances', ...HEAD], swept));
}
if (asked('tags')) {
  const swept = await sweeps('tags', sizesOf(values.resources), quick ? 1 : 3);
  console.log(table('A sweep for tags, missing on 5 %', ['', 'resources', ...HEAD], swept));
}
if (asked('buckets')) {
  const emptied = await sweeps('buckets', sizesOf(values.versions), 1);
  console.log(table('Emptying and deleting a bucket', ['', 'versions', ...HEAD], emptied));
}
