import { seedMetrics } from '../../sandbox/services/cloudwatch/series.ts';
import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { expectFound, type Job, placeOf } from './job.ts';

/** One instance in twenty is idle. */
const EVERY = 20;
const MONTH_MS = 30 * 86_400_000;

/** A datapoint of five minutes. */
const IDLE: Readonly<Record<string, number>> = {
  CPUUtilization: 1,
  NetworkIn: 4000,
  NetworkOut: 3000,
  NetworkPacketsIn: 60,
  NetworkPacketsOut: 50,
  EBSReadBytes: 0,
  EBSWriteBytes: 100_000,
  StatusCheckFailed: 0,
};
const BUSY = { ...IDLE, CPUUtilization: 60, NetworkIn: 4_000_000 };

/** Instances with a month of metrics, a few of them idle. */
export const idle: Job = {
  seed(sandbox, instances) {
    const place = placeOf(sandbox);
    const from = new Date(sandbox.world.clock.now() - MONTH_MS);
    const ids = seedInstances(place, instances, {
      instanceType: 'm5.large',
      tags: (index) => [{ Key: 'Name', Value: `worker-${index}` }],
    });
    for (const [index, InstanceId] of ids.entries()) {
      for (const [metric, series] of Object.entries(index % EVERY === 0 ? IDLE : BUSY)) {
        seedMetrics(place, { namespace: 'AWS/EC2', metric, dimensions: { InstanceId }, series, from });
      }
    }
  },
  flaws: async (_, instances, found) => expectFound(found, Math.ceil(instances / EVERY)),
};
