import type {
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateVersion,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { combination, invalidValue, missing } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { wrappedTrail } from '../wrapped-trail.ts';
import { findTemplate, meantTemplate, WIRE_NAMES } from './find-template.ts';
import type { LaunchTemplate, TemplateVersion } from './model.ts';

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
      return once(call, input.ClientToken, input, () => {
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

/** A template's version by number, `$Latest` or `$Default`. */
export function numbered(template: LaunchTemplate, version: string): TemplateVersion {
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
