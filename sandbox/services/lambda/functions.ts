import { createHash } from 'node:crypto';
import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  FunctionConfiguration as Described,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Operation, operation } from '../../core/service.ts';
import { refuseOthers } from '../../events/unsupported.ts';
import { setResourcePolicy } from '../../iam/resource-policies.ts';
import { readZip } from '../../lambda/bundle.ts';
import {
  type FunctionConfiguration,
  type FunctionVersion,
  findFunction,
  functions,
  type LambdaFunction,
} from '../../lambda/function.ts';
import { retire } from '../../lambda/pool.ts';
import { executionPrincipal } from '../../lambda/role.ts';
import { onFunction } from './demands.ts';
import { describeVersion } from './describe.ts';
import { configure, invalid, SETTINGS } from './settings.ts';
import { publish } from './versions.ts';

const DEFAULTS: Omit<FunctionConfiguration, 'role' | 'handler' | 'runtime' | 'logGroup'> = {
  timeout: 3,
  memorySize: 128,
  description: '',
  architecture: 'x86_64',
  environment: {},
  logFormat: 'Text',
  tracing: 'PassThrough',
  ephemeralStorage: 512,
};

export const createFunction: Operation = operation<CreateFunctionRequest, Described>({
  // CloudTrail keeps the version of Lambda's API in the names of its calls.
  eventName: 'CreateFunction20150331',
  authorize: (input, call) => [
    ...onFunction('lambda:CreateFunction', call, input.FunctionName),
    {
      action: 'iam:PassRole',
      resources: [input.Role ?? ''],
      context: { 'iam:PassedToService': ['lambda.amazonaws.com'] },
    },
  ],
  run(input, call) {
    refuseOthers('CreateFunction', input, [
      ...SETTINGS,
      'Code',
      'Publish',
      'Tags',
      'Architectures',
      'PackageType',
    ]);
    const { FunctionName: name = '', Code } = input;
    if (!/^[a-zA-Z0-9-_]{1,64}$/.test(name))
      throw invalid(`Value '${name}' at 'functionName' failed to satisfy constraint`);
    const all = functions.of(call);
    if (all.has(name))
      throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, {
        Type: 'User',
      });
    const arn = `arn:${call.partition}:lambda:${call.region}:${call.account}:function:${name}`;
    const blank = { ...DEFAULTS, role: '', handler: '', runtime: '', logGroup: `/aws/lambda/${name}` };
    const configuration = { ...configure(blank, input), architecture: input.Architectures?.[0] ?? 'x86_64' };
    executionPrincipal(call.world, arn, configuration.role, name);
    refuseOthers('CreateFunction: Code', Code ?? {}, ['ZipFile']);
    const latest = versionOf(call, { name, arn, configuration, zip: Code?.ZipFile ?? new Uint8Array() });
    const created: LambdaFunction = {
      name,
      arn,
      latest,
      published: [],
      tags: new Map(Object.entries(input.Tags ?? {})),
      statements: new Map(),
    };
    all.set(name, created);
    return describeVersion(input.Publish ? publish(created, call.now) : latest);
  },
  trail: (input) => ({ request: { ...lowerCamel(input), code: {}, publish: input.Publish ?? false } }),
});

function lowerCamel(input: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value]),
  );
}

export const updateFunctionConfiguration: Operation = operation<
  UpdateFunctionConfigurationRequest,
  Described
>({
  authorize: (input, call) => onFunction('lambda:UpdateFunctionConfiguration', call, input.FunctionName),
  run(input, call) {
    refuseOthers('UpdateFunctionConfiguration', input, [...SETTINGS, 'RevisionId']);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    const configuration = configure(found.latest.configuration, input);
    executionPrincipal(call.world, found.arn, configuration.role, found.name);
    return replace(call, found, { configuration });
  },
});

export const updateFunctionCode: Operation = operation<UpdateFunctionCodeRequest, Described>({
  authorize: (input, call) => onFunction('lambda:UpdateFunctionCode', call, input.FunctionName),
  async run(input, call) {
    refuseOthers('UpdateFunctionCode', input, [
      'FunctionName',
      'ZipFile',
      'Publish',
      'Architectures',
      'RevisionId',
    ]);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    const described = await replace(call, found, { zip: input.ZipFile ?? new Uint8Array() });
    return input.Publish ? describeVersion(publish(found, call.now)) : described;
  },
  trail: (input) => ({ request: { functionName: input.FunctionName, publish: input.Publish ?? false } }),
});

export const deleteFunction: Operation = operation<DeleteFunctionRequest, object>({
  authorize: (input, call) => onFunction('lambda:DeleteFunction', call, input.FunctionName),
  async run(input, call) {
    refuseOthers('DeleteFunction', input, ['FunctionName']);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    functions.of(call).delete(found.name);
    setResourcePolicy(call.world, found.arn, undefined);
    const revisions = [found.latest, ...found.published].map(({ revisionId }) => revisionId);
    await Promise.all(revisions.map((revision) => retire(call.world, revision)));
    return {};
  },
});

async function replace(
  call: Call,
  found: LambdaFunction,
  change: Partial<Pick<FunctionVersion, 'configuration' | 'zip'>>,
): Promise<Described> {
  const before = found.latest;
  found.latest = versionOf(call, { ...before, ...change });
  if (!found.published.some(({ revisionId }) => revisionId === before.revisionId)) {
    await retire(call.world, before.revisionId);
  }
  return describeVersion(found.latest);
}

function versionOf(
  call: Call,
  { name, arn, configuration, zip }: Pick<FunctionVersion, 'name' | 'arn' | 'configuration' | 'zip'>,
): FunctionVersion {
  readZip(zip);
  return {
    name,
    arn,
    version: '$LATEST',
    configuration,
    zip,
    sha256: createHash('sha256').update(zip).digest('base64'),
    revisionId: call.world.random.uuid(),
    lastModified: call.now.toISOString().replace('Z', '+0000'),
  };
}
