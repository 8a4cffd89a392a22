import type * as athena from '@aws-sdk/client-athena';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { pageByKey } from '../pages.ts';

type WorkGroup = athena.WorkGroup & { readonly Name: string };

const ENGINE = { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' };
const PAGE = 50;

/** Each region of an account has the workgroup `primary` from the start, with no place for results. */
const workGroups = drawer<Map<string, WorkGroup>>(({ world }) => {
  const CreationTime = new Date(world.clock.now());
  const Configuration = { EnforceWorkGroupConfiguration: false, EngineVersion: ENGINE };
  return new Map([['primary', { Name: 'primary', State: 'ENABLED', Configuration, CreationTime }]]);
});

const onWorkGroup = (name: string | undefined, { partition, region, account, operation }: Call) => [
  {
    action: `athena:${operation}`,
    resources: [`arn:${partition}:athena:${region}:${account}:workgroup/${name}`],
  },
];

/** Makes a workgroup; that its buckets exist is not looked at, as AWS looks only when a query runs. */
export const createWorkGroup = operation<athena.CreateWorkGroupInput, athena.CreateWorkGroupOutput>({
  authorize: ({ Name }, call) => onWorkGroup(Name, call),
  run(input, call) {
    onlySupported(call, input, ['Name', 'Configuration', 'Description']);
    const { Name = '', Configuration: given = {}, Description } = input;
    if (!/^[\w.-]{1,128}$/.test(Name)) throw invalid(`${Name} is not a valid name of a workgroup.`);
    const known = workGroups.of(call);
    if (known.has(Name)) throw invalid('WorkGroup is already created');
    checkConfiguration(given, call);
    const Configuration = { EnforceWorkGroupConfiguration: true, EngineVersion: ENGINE, ...given };
    const described = Description === undefined ? {} : { Description };
    known.set(Name, { Name, State: 'ENABLED', Configuration, CreationTime: call.now, ...described });
    return {};
  },
});

export const getWorkGroup = operation<athena.GetWorkGroupInput, athena.GetWorkGroupOutput>({
  authorize: ({ WorkGroup }, call) => onWorkGroup(WorkGroup, call),
  run({ WorkGroup: name = '' }, call) {
    const WorkGroup = workGroups.of(call).get(name);
    if (!WorkGroup) throw invalid('WorkGroup is not found.');
    return { WorkGroup };
  },
});

/** At most 50 a page, by name, without their configuration. */
export const listWorkGroups = operation<athena.ListWorkGroupsInput, athena.ListWorkGroupsOutput>({
  run({ MaxResults = PAGE, NextToken }, call) {
    if (MaxResults < 1 || MaxResults > PAGE) throw invalid(`MaxResults has to be between 1 and ${PAGE}.`);
    const all = [...workGroups.of(call).values()].toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
    const page = pageByKey(all, ({ Name }) => Name, MaxResults, NextToken);
    if (!page) throw invalid('The NextToken is not valid.');
    const WorkGroups = page.items.map(({ Configuration, ...one }) => ({
      ...one,
      EngineVersion: Configuration?.EngineVersion,
    }));
    return { WorkGroups, ...(page.next !== undefined && { NextToken: page.next }) };
  },
});

function checkConfiguration(given: athena.WorkGroupConfiguration, call: Call): void {
  const { ResultConfiguration: result = {}, MonitoringConfiguration: monitoring = {} } = given;
  onlySupported(call, given, [
    ...['EnforceWorkGroupConfiguration', 'ResultConfiguration', 'MonitoringConfiguration'],
  ]);
  onlySupported(call, result, ['OutputLocation', 'ExpectedBucketOwner']);
  onlySupported(call, monitoring, ['S3LoggingConfiguration']);
  for (const place of [result.OutputLocation, monitoring.S3LoggingConfiguration?.LogLocation]) {
    if (place !== undefined && !/^s3:\/\/[^/]+(\/|$)/.test(place)) {
      throw invalid('outputLocation is not a valid S3 path.');
    }
  }
}

const invalid = (message: string) => new AwsError('InvalidRequestException', message);
