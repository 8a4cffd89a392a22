import type { Aws } from '../../shared/aws/access.ts';
import { typesOf } from '../../shared/aws/ec2/stopping/types-of.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { prejudge, tooYoung } from './early.ts';
import { type Facts, type Lookup, NO_FACTS, type TypeFacts } from './facts.ts';
import { gpuLoads, gpuRights } from './gpus.ts';
import type { Instance } from './instance.ts';
import { lookAround, lookAroundRights } from './look-around.ts';
import { measure, measureRights } from './measure.ts';
import { windowOf } from './metrics.ts';
import { pastStops } from './past-stops.ts';
import { signsOf } from './quiet.ts';
import { scheduleOf, wishOf } from './schedule.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that `gather` calls. */
export const gatherRights = [...measureRights, ...gpuRights, ...lookAroundRights];

/**
 * What the verdicts need, in stages: what an instance itself settles is asked nothing about, metrics are read of those
 * that may be idle, and their surroundings only of those that are.
 */
export async function gather(
  instances: readonly Instance[],
  settings: Settings,
  around: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Facts>> {
  const now = around.now();
  const window = windowOf(settings, now);
  const facts = new Map<string, Facts>(instances.map(({ id }) => [id, NO_FACTS]));
  const add = (id: string, more: Partial<Facts>) =>
    facts.set(id, { ...(facts.get(id) ?? NO_FACTS), ...more });
  const undecided = instances.filter((instance) => prejudge(instance, settings, now) === undefined);
  const wish = (instance: Instance) =>
    wishOf(instance, scheduleOf(instance, settings), 'not-asked', settings, now).wish;

  const closing = undecided.filter((one) => one.state === 'running' && wish(one) === 'stop');
  const mayBeIdle = undecided.filter(
    (one) => one.state === 'running' && wish(one) === 'none' && tooYoung(one, settings, now) === undefined,
  );
  for (const [id, activity] of await measure(around.aws, mayBeIdle, window, settings, now)) {
    add(id, { activity });
  }

  const notBusy = mayBeIdle.filter(({ id }) => hasFineMetrics(facts.get(id)));
  const types = await typesOf(around.aws, [...closing, ...notBusy]);
  const idle = notBusy.filter((one) => {
    const { activity } = facts.get(one.id) ?? NO_FACTS;
    const type = types(one);
    if (activity === 'not-asked') return false;
    // A type that is not known leaves one sign open, which nothing that is looked up here could close.
    return signsOf(one, activity, type, settings).every(
      ({ state }) => state === 'quiet' || state === 'absent',
    );
  });
  for (const one of [...closing, ...notBusy]) add(one.id, { type: types(one) });
  const withGpus = idle.filter((one) => gpusOf(types(one)) !== undefined);
  for (const [id, gpus] of await gpuLoads(around.aws, withGpus, window)) {
    const { activity } = facts.get(id) ?? NO_FACTS;
    if (activity !== 'not-asked') add(id, { activity: { ...activity, gpus } });
  }
  for (const [id, found] of await lookAround([...closing, ...idle], settings, around)) add(id, found);

  const opening = undecided.filter((one) => one.state === 'stopped' && mayOpen(one, settings, now));
  for (const [id, stops] of await pastStops([...idle, ...opening], around)) add(id, { stops });
  return facts;
}

function gpusOf(type: Lookup<TypeFacts>): number | undefined {
  return 'unknown' in type ? undefined : type.value.gpus;
}

function hasFineMetrics(facts: Facts | undefined): boolean {
  return facts !== undefined && facts.activity !== 'not-asked' && facts.activity.metrics.size > 1;
}

/** Its hours are open, so that it depends on its past whether they start it. */
function mayOpen(instance: Instance, settings: Settings, now: Date): boolean {
  const { wish } = wishOf(
    instance,
    scheduleOf(instance, settings),
    { unknown: 'not read yet' },
    settings,
    now,
  );
  return wish === 'unclear';
}
