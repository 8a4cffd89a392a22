import { QUIET, seedMeasures } from '../../sandbox/services/ec2/instances/measures.ts';
import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { expectFound, type Job, placeOf } from './job.ts';

/** One instance in twenty is idle. */
const EVERY = 20;
const MONTH_MS = 30 * 86_400_000;

const BUSY = { ...QUIET, CPUUtilization: 60, NetworkIn: 4_000_000 };

/** Instances with a month of metrics, a few of them idle. */
export const idle: Job = {
  seed(sandbox, instances) {
    const place = placeOf(sandbox);
    const from = new Date(sandbox.world.clock.now() - MONTH_MS);
    const ids = seedInstances(place, instances, {
      instanceType: 'm5.large',
      tags: (index) => [{ Key: 'Name', Value: `worker-${index}` }],
    });
    for (const [index, id] of ids.entries())
      seedMeasures(place, id, index % EVERY === 0 ? QUIET : BUSY, { from });
  },
  flaws: async (_, instances, found) => expectFound(found, Math.ceil(instances / EVERY)),
};
