import type * as cfn from '@aws-sdk/client-cloudformation';
import { planOf } from '../../cloudformation/plan.ts';
import { notImplemented } from '../../core/refusals.ts';
import { operation } from '../../core/service.ts';
import { onStack, stackNamed } from './on-stack.ts';
import { capabilitiesFor, templateText } from './request.ts';

/** Reads a template and says what it asks for; whether the sandbox can make it shows when a stack is made. */
export const validateTemplate = operation<cfn.ValidateTemplateInput, cfn.ValidateTemplateOutput>({
  writes: false,
  async run(input, call) {
    const { template } = planOf(await templateText(input, call));
    const needed = capabilitiesFor(template);
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    const iam = [...new Set(types.filter((type) => type.startsWith('AWS::IAM::')))];
    return {
      Parameters: Object.entries(template.Parameters ?? {}).map(
        ([ParameterKey, { Default, NoEcho, Description }]) => ({
          ParameterKey,
          NoEcho: NoEcho ?? false,
          ...(Default !== undefined && { DefaultValue: String(Default) }),
          ...(Description !== undefined && { Description }),
        }),
      ),
      ...(template.Description !== undefined && { Description: template.Description }),
      ...(needed.length > 0 && {
        // Boundary: CloudFormation's own names.
        Capabilities: [...needed] as cfn.Capability[],
        CapabilitiesReason: `The following resource(s) require capabilities: [${iam.join(', ')}]`,
      }),
    };
  },
});

/** The template as it was given. */
export const getTemplate = operation<cfn.GetTemplateInput, cfn.GetTemplateOutput>({
  authorize: onStack,
  run({ StackName, ChangeSetName }, call) {
    if (ChangeSetName !== undefined) throw notImplemented('ChangeSetName of cloudformation:GetTemplate');
    const { plan } = stackNamed(call, StackName);
    return { TemplateBody: plan.body, StagesAvailable: ['Original', 'Processed'] };
  },
});
