import { AwsError } from '../core/errors.ts';
import { notImplemented } from '../core/refusals.ts';
import { holds, resolve } from './intrinsics.ts';
import { inOrder } from './order.ts';
import type { Made } from './resource-type.ts';
import { conditionNames, createScope, parametersOf, type StackIdentity } from './scope.ts';
import type { Plan, StackOutput } from './stack.ts';
import { resourceTypes } from './table.ts';
import { parseTemplate, type Template, type TemplateResource } from './template.ts';

/** A plan laid out for one stack: what it will hold, in which order, and what names mean in it. */
export interface Layout {
  readonly wanted: Readonly<Record<string, TemplateResource>>;
  readonly order: readonly string[];
  readonly scope: ReturnType<typeof createScope>;
  /** What exists so far: filled as resources come to be. */
  readonly made: Map<string, Made>;
}

/** Reads a template; what is wrong with it is a ValidationError in CloudFormation's words. */
export function planOf(
  body: string | object,
  given: Readonly<Record<string, string>> = {},
  capabilities: readonly string[] = [],
  token?: string,
): Plan {
  const template = inTemplate(() => parseTemplate(body));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { template, body: text, given, capabilities, ...(token !== undefined && { token }) };
}

/** Everything that can be known to be wrong before anything is made is told here, all at once. */
export function layOut(stack: StackIdentity, { template, given }: Plan): Layout {
  return inTemplate(() => {
    const made = new Map<string, Made>();
    const scope = createScope(stack, template, parametersOf(template, given), made);
    const wanted = selected(template, (condition) => scope.condition(condition));
    refuseUnknown(wanted);
    return { wanted, order: inOrder(wanted), scope, made };
  });
}

/** The stack's outputs, once its resources are there. */
export function outputsOf(
  { Outputs = {} }: Template,
  scope: Layout['scope'],
): Readonly<Record<string, StackOutput>> {
  const entries = Object.entries(Outputs).filter(
    ([, { Condition }]) => Condition === undefined || holds({ Condition }, scope),
  );
  return Object.fromEntries(
    entries.map(([name, { Value, Description, Export }]): [string, StackOutput] => [
      name,
      {
        value: String(resolve(Value, scope)),
        ...(Description !== undefined && { description: Description }),
        ...(Export && { exportName: String(resolve(Export.Name, scope)) }),
      },
    ]),
  );
}

function selected(
  template: Template,
  condition: (name: string) => boolean,
): Readonly<Record<string, TemplateResource>> {
  const names = conditionNames(template);
  const entries = Object.entries(template.Resources).filter(([id, { Condition, Type }]) => {
    if (Condition !== undefined && !names.has(Condition))
      throw new Error(`${id} (${Type}): Condition ${Condition} does not exist`);
    return Condition === undefined || condition(Condition);
  });
  return Object.fromEntries(entries);
}

/** What the sandbox does not do is no mistake of the template. */
function refuseUnknown(resources: Template['Resources']): void {
  const unknown = Object.entries(resources).flatMap(([id, { Type, Properties = {}, DeletionPolicy }]) => {
    const type = Object.hasOwn(resourceTypes, Type) ? resourceTypes[Type] : undefined;
    if (!type) return [`${id} (${Type}): this resource type is not supported`];
    if (DeletionPolicy === 'Snapshot') return [`${id} (${Type}): DeletionPolicy Snapshot is not supported`];
    const strange = Object.keys(Properties).filter((property) => !type.properties.includes(property));
    return strange.map((property) => `${id} (${Type}): ${property} is not supported`);
  });
  if (unknown.length > 0) throw new AwsError(notImplemented('').code, unknown.join('\n'), 501);
}

function inTemplate<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError('ValidationError', error instanceof Error ? error.message : String(error));
  }
}
