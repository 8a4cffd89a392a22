import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateVersion,
  LaunchTemplate as ShownTemplate,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { combination, invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { wrappedTrail } from '../wrapped-trail.ts';
import type { LaunchTemplate, TemplateVersion } from './model.ts';

/** How CloudTrail names the lists of a template. */
const WIRE_NAMES = {
  BlockDeviceMappings: 'BlockDeviceMapping',
  Groups: 'SecurityGroupId',
  NetworkInterfaces: 'NetworkInterface',
  SecurityGroupIds: 'SecurityGroupId',
  SecurityGroups: 'SecurityGroup',
  TagSpecifications: 'TagSpecification',
  Tags: 'Tag',
};

/** Makes a launch template with its version 1. */
export const CreateLaunchTemplate = ec2Operation<CreateLaunchTemplateRequest, CreateLaunchTemplateResult>(
  ['LaunchTemplateName', 'LaunchTemplateData', 'VersionDescription', 'TagSpecifications', 'ClientToken'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      return once(state, input.ClientToken, input, () => {
        const { LaunchTemplateName: name, LaunchTemplateData: data } = input;
        if (!name) throw missing('LaunchTemplateName');
        if (!data) throw missing('LaunchTemplateData');
        if ([...state.templates.newest.values()].some((other) => other.name === name)) {
          const message = 'Launch template name already in use.';
          throw new AwsError('InvalidLaunchTemplateName.AlreadyExistsException', message);
        }
        const common = { createdBy: call.principal.arn, createTime: call.now };
        const template: LaunchTemplate = {
          ...newResource(state, 'lt', call.account, tagsFor(input.TagSpecifications, 'launch-template')),
          ...common,
          name,
          defaultVersion: 1,
          versions: [{ ...common, number: 1, description: input.VersionDescription, data }],
        };
        state.templates.set(template.id, template);
        return { LaunchTemplate: showTemplate(template) };
      });
    },
    authorize: (input, call) => onCreated(call, 'launch-template', input.TagSpecifications),
    trail: wrappedTrail('CreateLaunchTemplate', WIRE_NAMES),
  },
);

/** Adds a version; SourceVersion fills in what the new data leaves out. */
export const CreateLaunchTemplateVersion = ec2Operation<
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult
>(
  [
    'LaunchTemplateId',
    'LaunchTemplateName',
    'LaunchTemplateData',
    'SourceVersion',
    'VersionDescription',
    'ClientToken',
  ],
  {
    run(input, call) {
      const state = ec2State.of(call);
      return once(state, input.ClientToken, input, () => {
        const template = findTemplate(call, input.LaunchTemplateId, input.LaunchTemplateName);
        if (!input.LaunchTemplateData) throw missing('LaunchTemplateData');
        const source = input.SourceVersion ? numbered(template, input.SourceVersion).data : {};
        const version: TemplateVersion = {
          number: template.versions.length + 1,
          description: input.VersionDescription,
          createdBy: call.principal.arn,
          createTime: call.now,
          data: { ...source, ...input.LaunchTemplateData },
        };
        state.templates.set(template.id, { ...template, versions: [...template.versions, version] });
        return { LaunchTemplateVersion: showVersion(template, version) };
      });
    },
    authorize(input, call) {
      const template = meantTemplate(call, input.LaunchTemplateId, input.LaunchTemplateName);
      return [onResource(call, 'launch-template', template?.id ?? input.LaunchTemplateId, template)];
    },
    trail: wrappedTrail('CreateLaunchTemplateVersion', WIRE_NAMES),
  },
);

/** Lists launch templates. */
export const DescribeLaunchTemplates = ec2Operation<
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult
>(['LaunchTemplateIds', 'LaunchTemplateNames', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const { LaunchTemplateIds: ids, LaunchTemplateNames: names = [] } = input;
    const keep = filterBy<LaunchTemplate>(
      input.Filters,
      { 'launch-template-name': (template) => [template.name] },
      (template) => template.tags,
    );
    for (const name of names) findTemplate(call, undefined, name);
    const found = chosen(ec2State.of(call).templates.seen(), ids, KINDS.template).filter(
      (template) => keep(template) && (names.length === 0 || names.includes(template.name)),
    );
    const page = pageOf(found, input, {
      min: 1,
      max: 200,
      ids: ids?.length ? 'LaunchTemplateIds' : undefined,
    });
    return { LaunchTemplates: page.items.map(showTemplate), NextToken: page.NextToken };
  },
});

/** Lists a template's versions by number, `$Latest`, `$Default`, or all of them. */
export const DescribeLaunchTemplateVersions = ec2Operation<
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult
>(['LaunchTemplateId', 'LaunchTemplateName', 'Versions', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const versions = input.Versions ?? [];
    if (!input.LaunchTemplateId && !input.LaunchTemplateName) return everyTemplate(call, versions, input);
    const template = findTemplate(call, input.LaunchTemplateId, input.LaunchTemplateName);
    const wanted =
      versions.length > 0 ? versions.map((version) => numbered(template, version)) : template.versions;
    const placed = wanted.map((version) => ({ version, serial: version.number }));
    const page = pageOf(placed, input, { min: 1, max: 200 });
    return {
      LaunchTemplateVersions: page.items.map(({ version }) => showVersion(template, version)),
      NextToken: page.NextToken,
    };
  },
});

/** Without a template, only `$Latest` and `$Default` make sense. */
function everyTemplate(
  call: Call,
  versions: readonly string[],
  input: DescribeLaunchTemplateVersionsRequest,
) {
  if (versions.length === 0) throw missing('LaunchTemplateId');
  const odd = versions.find((version) => version !== '$Latest' && version !== '$Default');
  if (odd) throw combination(`Versions ${odd}`, 'all launch templates');
  const page = pageOf([...ec2State.of(call).templates.seen().values()], input, { min: 1, max: 200 });
  return {
    LaunchTemplateVersions: page.items.flatMap((template) =>
      [...new Set(versions.map((version) => numbered(template, version)))].map((one) =>
        showVersion(template, one),
      ),
    ),
    NextToken: page.NextToken,
  };
}

function findTemplate(call: Call, id: string | undefined, name: string | undefined): LaunchTemplate {
  const { newest } = ec2State.of(call).templates;
  if (id && name) throw combination('LaunchTemplateId', 'LaunchTemplateName');
  if (id || !name) return resolve(newest, id, KINDS.template, 'LaunchTemplateId');
  const found = [...newest.values()].find((template) => template.name === name);
  if (found) return found;
  const message = 'At least one of the launch templates specified in the request does not exist.';
  throw new AwsError('InvalidLaunchTemplateName.NotFoundException', message);
}

function meantTemplate(
  call: Call,
  id: string | undefined,
  name: string | undefined,
): LaunchTemplate | undefined {
  return [...ec2State.of(call).templates.newest.values()].find((one) => one.id === id || one.name === name);
}

function numbered(template: LaunchTemplate, version: string): TemplateVersion {
  const number =
    version === '$Latest'
      ? template.versions.length
      : version === '$Default'
        ? template.defaultVersion
        : Number(version);
  if (!Number.isInteger(number)) throw invalidValue(`Invalid launch template version: ${version}`);
  const found = template.versions.find((one) => one.number === number);
  if (found) return found;
  const message = `Could not find the specified version ${version} for the launch template with ID ${template.id}.`;
  throw new AwsError('InvalidLaunchTemplateId.VersionNotFound', message);
}

function showTemplate(template: LaunchTemplate): ShownTemplate {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreatedBy: template.createdBy,
    CreateTime: template.createTime,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.versions.length,
    Tags: [...template.tags],
  };
}

function showVersion(template: LaunchTemplate, version: TemplateVersion): LaunchTemplateVersion {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    VersionDescription: version.description,
    CreatedBy: version.createdBy,
    CreateTime: version.createTime,
    DefaultVersion: version.number === template.defaultVersion,
    // Requests and answers spell the same template data; the SDK only names the two types differently.
    LaunchTemplateData: version.data as LaunchTemplateVersion['LaunchTemplateData'],
  };
}
