import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  LaunchTemplate as ShownTemplate,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { chosen } from '../chosen.ts';
import { onCreated } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { KINDS, missing } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { wrappedTrail } from '../wrapped-trail.ts';
import { findTemplate, WIRE_NAMES } from './find-template.ts';
import type { LaunchTemplate } from './model.ts';

/** Makes a launch template with its version 1. */
export const CreateLaunchTemplate = ec2Operation<CreateLaunchTemplateRequest, CreateLaunchTemplateResult>(
  ['LaunchTemplateName', 'LaunchTemplateData', 'VersionDescription', 'TagSpecifications', 'ClientToken'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      return once(call, input.ClientToken, input, () => {
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
