import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { atAccount, type Conditions } from './at-account.ts';
import { type Contender, contenders } from './contenders.ts';
import { type Figures, median, runProgram } from './run-program.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    latency: { type: 'string', default: '20' },
    groups: { type: 'string', default: '5000' },
    throttling: { type: 'boolean', default: false },
  },
});
const conditions: Conditions = { latencyMs: Number(values.latency), throttling: values.throttling };
const largest = values.quick ? Math.min(500, Number(values.groups)) : Number(values.groups);
const repeats = values.quick ? 3 : 11;
const open = 5;

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

/** A sweep over many groups of which a few are open, by the bundle in a process of its own. */
async function sweep(contender: Contender, groups: number): Promise<Swept> {
  return atAccount(contender, conditions, async ({ environment, arn }, ask) => {
    await ask({ ask: 'seed', groups, open });
    const figures = await runProgram(contender, 'sweep', environment, arn);
    const { calls, stillOpen } = await ask({ ask: 'calls' });
    if (stillOpen > 0) throw new Error(`${contender.name} left ${stillOpen} of ${groups} groups open`);
    return { ...figures, calls };
  });
}

interface Swept extends Figures {
  readonly calls: readonly string[];
}

/** Turn and turn about, so that a busy moment of the machine strikes both. */
async function sweeps(contenders: readonly Contender[], groups: number): Promise<(readonly string[])[]> {
  const swept = new Map<Contender, Swept[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < (values.quick ? 1 : 5); round++) {
    for (const [contender, all] of swept) all.push(await sweep(contender, groups));
  }
  return [...swept].map(([{ name }, all]) => {
    const of = (figure: keyof Figures) => median(all.map((each) => each[figure]));
    const calls = all[0]?.calls ?? [];
    return [
      name,
      String(groups),
      String(calls.length),
      seconds(of('wallMs')),
      seconds(of('cpuMs')),
      whole(of('peakMb')),
      tally(calls),
    ];
  });
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

const seconds = (ms: number) => (ms / 1000).toFixed(2);
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

const both = await contenders();
const rows = async (measure: (contender: Contender) => Promise<readonly string[]>) => {
  const measured: (readonly string[])[] = [];
  for (const contender of both) measured.push(await measure(contender));
  return measured;
};
console.log(
  table('An event, until the port is closed', ['', 'cold ms', 'warm ms', 'calls', ''], await rows(events)),
);
const swept: (readonly string[])[] = [];
for (const groups of [Math.ceil(largest / 5), largest]) {
  swept.push(...(await sweeps(both, groups)));
}
console.log(
  table(`A sweep, ${open} groups open`, ['', 'groups', 'calls', 's', 'CPU s', 'peak MB', ''], swept),
);
console.log(table('The bundle', ['', 'KB', 'zip KB', 'import ms'], await rows(sizes)));
