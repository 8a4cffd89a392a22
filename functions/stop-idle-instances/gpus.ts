import type { Metric } from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../../shared/aws/access.ts';
import { metricsNamed } from '../../shared/aws/cloudwatch/list-metrics.ts';
import { type MetricQuery, metricData } from '../../shared/aws/cloudwatch/metric-data.ts';
import { orWhy } from '../../shared/aws/ec2/stopping/or-why.ts';
import type { Activity, Lookup } from './facts.ts';
import type { Instance } from './instance.ts';
import type { Window } from './metrics.ts';

/** Rights of everything that `gpuLoads` calls. */
export const gpuRights = [...metricsNamed.rights, ...metricData.rights];

/**
 * What the CloudWatch agent tells of NVIDIA's GPUs, each by its index, where its configuration adds the instance's id:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-NVIDIA-GPU.html
 */
const NAMESPACE = 'CWAgent';
const UTILIZATION = 'nvidia_smi_utilization_gpu';

type Gpus = NonNullable<Activity['gpus']>;

/** How busy the GPUs of these instances were, as far as an agent tells: in one listing and a few readings for all. */
export async function gpuLoads(
  aws: Aws,
  instances: readonly Pick<Instance, 'id'>[],
  window: Window,
): Promise<ReadonlyMap<string, Gpus>> {
  if (instances.length === 0) return new Map();
  const ids = new Set(instances.map(({ id }) => id));
  const listed = await orWhy(metricsNamed(aws, NAMESPACE, UTILIZATION));
  // Without a listing nothing is told of any GPU, and a person decides.
  const gpus = 'unknown' in listed ? [] : listed.value.flatMap(gpuFrom).filter(({ id }) => ids.has(id));
  const queries = gpus.map(({ dimensions }): MetricQuery => {
    return { namespace: NAMESPACE, name: UTILIZATION, dimensions, statistic: 'Maximum' };
  });
  const read = await metricData(aws, queries, window);
  const loads = gpus.map(({ id, index }, place) => ({ id, index, load: read[place] ?? UNREAD }));
  return new Map(
    [...Map.groupBy(loads, ({ id }) => id)].map(([id, ofOne]) => [
      id,
      new Map(
        [...Map.groupBy(ofOne, ({ index }) => index)].map(([index, [first, ...more]]) => [
          index,
          // Two agents, or two configurations of one: neither of them has told all.
          first === undefined || more.length > 0 ? { unknown: `GPU ${index} is told of twice` } : first.load,
        ]),
      ),
    ]),
  );
}

const UNREAD: Lookup<never> = { unknown: 'it was not read' };

/** Sums over several GPUs have no index, and tell of none. */
function gpuFrom({ Dimensions: given = [] }: Metric) {
  const dimensions = Object.fromEntries(given.map(({ Name = '', Value = '' }) => [Name, Value]));
  const { InstanceId: id, index } = dimensions;
  return id === undefined || index === undefined ? [] : [{ id, index, dimensions }];
}
