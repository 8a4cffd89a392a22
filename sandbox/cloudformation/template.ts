/** A template as `serverless package` writes it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Description?: string;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Description?: string;
  readonly Export?: { readonly Name: unknown };
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly NoEcho?: boolean;
  readonly Description?: string;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export type Fields = Readonly<Record<string, unknown>>;

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Conditions',
  'Resources',
  'Outputs',
];
const ATTRIBUTES = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];

/** Reads a template and refuses, by name, what the deployer does not act on. */
export function parseTemplate(text: string | object): Template {
  const template: unknown = typeof text === 'string' ? JSON.parse(text) : text;
  if (!isFields(template) || !isFields(template.Resources)) throw new Error('Template: Resources is missing');
  const section = Object.keys(template).find((name) => !SECTIONS.includes(name));
  if (section) throw new Error(`Template: ${section} is not supported`);
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (!isFields(resource) || typeof resource.Type !== 'string') throw new Error(`${id}: Type is missing`);
    const strange = Object.keys(resource).find((name) => !ATTRIBUTES.includes(name));
    if (strange) throw new Error(`${id} (${resource.Type}): ${strange} is not supported`);
  }
  // Boundary: checked above as far as the deployer relies on it; each property is checked when it is used.
  return template as unknown as Template;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
