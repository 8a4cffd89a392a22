import { describe, expect, it } from 'vitest';
import { calls } from '../../../functions/enforce-tags/calls.ts';
import { CREATIONS } from '../../../functions/enforce-tags/creation.ts';
import { MalformedEvent } from '../../../shared/events/malformed.ts';
import { Office } from './office.ts';
import { isTriggeredBy } from './triggers.ts';

interface Recorded {
  readonly source?: string;
  readonly request?: unknown;
  readonly response?: unknown;
}

function refsOf(eventName: string, { source = 'ec2', request = {}, response = {} }: Recorded) {
  const call = { eventSource: `${source}.amazonaws.com`, eventName, errorCode: undefined, request, response };
  return calls[eventName]?.(call).map(({ type, id }) => `${type} ${id}`);
}

const INSTANCE = 'i-0a1b2c3d4e5f60718';
const OTHER = 'i-0f1e2d3c4b5a69788';

it.each<{ what: string; name: string; recorded: Recorded; refs: readonly string[] }>([
  {
    what: 'B2.14 every instance of a launch and its interfaces',
    name: 'RunInstances',
    recorded: {
      response: {
        instancesSet: {
          items: [
            {
              instanceId: INSTANCE,
              networkInterfaceSet: { items: [{ networkInterfaceId: 'eni-0a1b2c3d' }] },
            },
            { instanceId: OTHER, vpcId: 'vpc-0a1b2c3d' },
          ],
        },
      },
    },
    refs: [
      'AWS::EC2::Instance i-0a1b2c3d4e5f60718',
      'AWS::EC2::Instance i-0f1e2d3c4b5a69788',
      'AWS::EC2::NetworkInterface eni-0a1b2c3d',
    ],
  },
  {
    what: 'B2.14 the instances of a fleet, in the form of newer calls',
    name: 'CreateFleet',
    recorded: {
      response: {
        CreateFleetResponse: {
          fleetInstanceSet: { item: { instanceIds: { item: INSTANCE } } },
          fleetId: 'fleet-12345678-0000-4000-8000-000000000000',
        },
      },
    },
    refs: [`AWS::EC2::Instance ${INSTANCE}`],
  },
  {
    what: 'B2.14 an empty launch leads to nothing',
    name: 'RunInstances',
    recorded: { response: { instancesSet: {} } },
    refs: [],
  },
  {
    what: 'a NAT gateway',
    name: 'CreateNatGateway',
    recorded: {
      response: {
        CreateNatGatewayResponse: {
          natGateway: { natGatewayId: 'nat-0a1b2c3d', subnetId: 'subnet-0a1b2c3d' },
        },
      },
    },
    refs: ['AWS::EC2::NatGateway nat-0a1b2c3d'],
  },
  {
    what: 'B2.15 a bucket, which only the request names',
    name: 'CreateBucket',
    recorded: { source: 's3', request: { bucketName: 'orders' }, response: null },
    refs: ['AWS::S3::Bucket orders'],
  },
  {
    what: 'a database under the name that RDS makes of it',
    name: 'CreateDBInstance',
    recorded: { source: 'rds', request: { dBInstanceIdentifier: 'Orders' } },
    refs: ['AWS::RDS::DBInstance orders'],
  },
  {
    what: 'a load balancer',
    name: 'CreateLoadBalancer',
    recorded: {
      source: 'elasticloadbalancing',
      response: {
        loadBalancers: [
          { loadBalancerArn: 'arn:aws:elasticloadbalancing:x:111122223333:loadbalancer/app/a/1' },
        ],
      },
    },
    refs: [
      'AWS::ElasticLoadBalancingV2::LoadBalancer arn:aws:elasticloadbalancing:x:111122223333:loadbalancer/app/a/1',
    ],
  },
  {
    what: 'no classic load balancer, which has no ARN',
    name: 'CreateLoadBalancer',
    recorded: { source: 'elasticloadbalancing', response: { dNSName: 'a.example.com' } },
    refs: [],
  },
  {
    what: 'what was tagged, as far as Reeve knows its type',
    name: 'CreateTags',
    recorded: {
      request: {
        resourcesSet: {
          items: [{ resourceId: INSTANCE }, { resourceId: 'rtb-0a1b2c3d' }, { resourceId: 'ami-0a1b2c3d' }],
        },
      },
    },
    refs: [`AWS::EC2::Instance ${INSTANCE}`, 'AWS::EC2::Image ami-0a1b2c3d'],
  },
  {
    what: 'no table of another service',
    name: 'CreateTable',
    recorded: { source: 'glue', request: { tableName: 'orders' } },
    refs: [],
  },
])('$what', ({ name, recorded, refs }) => {
  expect(refsOf(name, recorded)?.toSorted()).toEqual(refs.toSorted());
});

it.each<[string, Recorded]>([
  ['RunInstances', { response: null }],
  ['CreateVolume', { response: undefined }],
  ['CreateBucket', { source: 's3', request: {}, response: null }],
  ['CreateTopic', { source: 'sns', request: { name: 7 } }],
])('B2.15 %s that names nothing is told to people', (name, recorded) => {
  expect(() => refsOf(name, { ...recorded, response: recorded.response ?? null })).toThrow(MalformedEvent);
});

describe('B2.12 the tags that the call itself asked for', () => {
  const hintOf = (name: string, source: string, request: object, response: unknown = {}) =>
    calls[name]?.({
      eventSource: `${source}.amazonaws.com`,
      eventName: name,
      errorCode: undefined,
      request,
      response,
    })[0]?.hint;

  it.each<[string, string, object, unknown]>([
    [
      'RunInstances',
      'ec2',
      {
        tagSpecificationSet: {
          items: [
            { resourceType: 'volume', tags: [{ key: 'Owner', value: 'ben' }] },
            { resourceType: 'instance', tags: [{ key: 'Owner', value: 'ana' }] },
          ],
        },
      },
      { instancesSet: { items: [{ instanceId: INSTANCE }] } },
    ],
    ['CreateTopic', 'sns', { name: 'x', tags: [{ key: 'Owner', value: 'ana' }] }, {}],
    ['CreateDBInstance', 'rds', { dBInstanceIdentifier: 'x', tags: [{ Key: 'Owner', Value: 'ana' }] }, {}],
    ['CreateLogGroup', 'logs', { logGroupName: 'x', tags: { Owner: 'ana' } }, {}],
  ])('are found in %s of %s', (name, source, request, response) => {
    expect(hintOf(name, source, request, response)).toEqual({ requested: [['Owner', 'ana']] });
  });

  it('B5.39 hidden or odd ones announce nothing', () => {
    for (const tags of [
      undefined,
      null,
      'HIDDEN_DUE_TO_SECURITY_REASONS',
      [{ key: 'Owner' }],
      [7],
      { Owner: 7 },
    ]) {
      expect(hintOf('CreateTopic', 'sns', { name: 'x', tags })).toEqual({ requested: [] });
    }
  });
});

it('every creating call is listened to, and only those that the table knows', () => {
  for (const name of CREATIONS) {
    expect(calls[name]).toBeDefined();
    const source = refsSource(name);
    const detail = { eventSource: `${source}.amazonaws.com`, eventName: name };
    expect(
      isTriggeredBy({ source: `aws.${source}`, 'detail-type': 'AWS API Call via CloudTrail', detail }),
    ).toBe(true);
  }
});

function refsSource(name: string): string {
  const others: Readonly<Record<string, string>> = {
    CreateAutoScalingGroup: 'autoscaling',
    CreateBucket: 's3',
    CreateDBInstance: 'rds',
    CreateFunction20150331: 'lambda',
    CreateTopic: 'sns',
    CreateQueue: 'sqs',
    CreateTable: 'dynamodb',
    CreateLogGroup: 'logs',
    CreateLoadBalancer: 'elasticloadbalancing',
  };
  return others[name] ?? 'ec2';
}

it('B2.19 a stack whose tags change is nobody’s to tag', async () => {
  const office = new Office({ tags: [{ key: 'Owner', default: 'ops' }] });
  const stack = `arn:aws:cloudformation:${office.place.region}:${office.place.account}:stack/shop/1`;
  const signal = office.signal([{ type: 'cloudformation:stack', id: stack }]);

  const report = await office.run(signal);

  expect(report.results).toEqual([]);
  expect(report.missing).toMatchObject([{ why: 'unresolved' }]);
  expect(office.calls()).toEqual([]);
});
