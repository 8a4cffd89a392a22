import type * as ssm from '@aws-sdk/client-ssm';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { checkedName, checkValue, validation } from './checks.ts';

interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly tier: ssm.ParameterTier;
  readonly tags: Map<string, string>;
  /** Newest last. */
  readonly versions: {
    readonly value: string;
    readonly type: ssm.ParameterType;
    readonly at: Date;
    readonly by: string;
  }[];
  description?: string;
}

const parameters = drawer<Map<string, Parameter>>(() => new Map());

const onNames = (call: Call, names: readonly string[]) => [
  { action: `ssm:${call.operation}`, resources: names.map((name) => arnOf(call, bareName(name))) },
];

export const putParameter = operation<ssm.PutParameterRequest, ssm.PutParameterResult>({
  authorize: ({ Name = '' }, call) => onNames(call, [Name]),
  run(input, call) {
    const name = checkedName(input.Name);
    const known = parameters.of(call).get(name);
    if (known && !input.Overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const type = input.Type ?? known?.versions.at(-1)?.type;
    if (!type) throw validation('A parameter type is required when you create a parameter.');
    checkValue(input);
    const parameter: Parameter = known ?? {
      name,
      arn: arnOf(call, name),
      tier: input.Tier ?? 'Standard',
      tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
      versions: [],
    };
    if (input.Description !== undefined) parameter.description = input.Description;
    parameter.versions.push({ value: input.Value ?? '', type, at: call.now, by: call.principal.arn });
    parameters.of(call).set(name, parameter);
    return { Version: parameter.versions.length, Tier: parameter.tier };
  },
  // CloudTrail hides the values of all parameters.
  trail: ({ Value: _, ...request }) => ({
    request: lowerKeys({ ...request, value: 'HIDDEN_DUE_TO_SECURITY_REASONS' }),
  }),
});

export const getParameter = operation<ssm.GetParameterRequest, ssm.GetParameterResult>({
  authorize: ({ Name = '' }, call) => onNames(call, [Name]),
  run({ Name = '', WithDecryption }, call) {
    const found = lookUp(call, Name, WithDecryption);
    if (!found) throw new AwsError('ParameterNotFound', '');
    return { Parameter: found };
  },
});

export const getParameters = operation<ssm.GetParametersRequest, ssm.GetParametersResult>({
  authorize: ({ Names = [] }, call) => onNames(call, Names),
  run({ Names = [], WithDecryption }, call) {
    if (Names.length === 0 || Names.length > 10) {
      throw validation(
        `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to 10`,
      );
    }
    const found = Names.map((name) => lookUp(call, name, WithDecryption));
    return {
      Parameters: found.flatMap((parameter) => parameter ?? []),
      InvalidParameters: Names.filter((_, index) => !found[index]),
    };
  },
});

export const deleteParameter = operation<ssm.DeleteParameterRequest, object>({
  authorize: ({ Name = '' }, call) => onNames(call, [Name]),
  run({ Name = '' }, call) {
    if (!parameters.of(call).delete(bareName(Name))) throw new AwsError('ParameterNotFound', '');
    return {};
  },
});

export const describeParameters = operation<ssm.DescribeParametersRequest, ssm.DescribeParametersResult>({
  run({ Filters = [], ParameterFilters = [], MaxResults = 50, NextToken }, call) {
    if (Filters.length + ParameterFilters.length > 0) {
      throw new AwsError(
        'NotImplemented',
        'The sandbox does not implement filters of ssm:DescribeParameters.',
        501,
      );
    }
    const from = Number(NextToken ?? 0);
    const all = [...parameters.of(call).values()];
    const page = all.slice(from, from + MaxResults);
    const more = from + page.length < all.length;
    return { Parameters: page.map(metadata), ...(more && { NextToken: String(from + page.length) }) };
  },
});

/** A parameter by name or ARN, with `:VERSION` if wanted. */
function lookUp(call: Call, selector: string, decrypt = false): ssm.Parameter | undefined {
  const parameter = parameters.of(call).get(bareName(selector));
  const [, wanted] = /:(\d+)$/.exec(selector) ?? [];
  const version = wanted === undefined ? parameter?.versions.length : Number(wanted);
  const found = parameter?.versions[(version ?? 0) - 1];
  if (!parameter || !found) return undefined;
  return {
    Name: parameter.name,
    Type: found.type,
    Value: found.type === 'SecureString' && !decrypt ? `kms:alias/aws/ssm:${parameter.name}` : found.value,
    Version: version,
    LastModifiedDate: found.at,
    ARN: parameter.arn,
    DataType: 'text',
    ...(wanted !== undefined && { Selector: `:${wanted}` }),
  };
}

function metadata({ name, arn, versions, tier, description }: Parameter): ssm.ParameterMetadata {
  const last = versions.at(-1);
  return {
    ...{ Name: name, ARN: arn, Version: versions.length, Tier: tier, DataType: 'text', Policies: [] },
    ...(last && { Type: last.type, LastModifiedDate: last.at, LastModifiedUser: last.by }),
    ...(description !== undefined && { Description: description }),
  };
}

const arnOf = ({ partition, region, account }: Call, name: string) =>
  `arn:${partition}:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;

/** The name in `name`, `name:3` or the parameter's ARN. */
function bareName(selector: string): string {
  const [, path] = /^arn:[^:]+:ssm:[^:]*:\d*:parameter(\/.+)$/.exec(selector) ?? [];
  const name = (path ?? selector).replace(/:\d+$/, '');
  return path !== undefined && name.lastIndexOf('/') === 0 ? name.slice(1) : name;
}

const lowerKeys = (request: object) =>
  Object.fromEntries(
    Object.entries(request).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  );
