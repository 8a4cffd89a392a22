import type { PropertyType, Resource, SpecDatabase, TypeDefinition } from '@aws-cdk/service-spec-types';
import { serviceSpec } from '../support/service-spec.ts';

type Properties = Resource['properties'];
type Node = { readonly [key: string]: unknown };

export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Node }>>;
  readonly Outputs?: Node;
}

const INTRINSIC = /^(Ref|Fn::|Condition$)/;

/** What CloudFormation would refuse about a template, a sentence each: properties, references, attributes. */
export async function mistakesIn(template: Template): Promise<readonly string[]> {
  const spec = await serviceSpec();
  const mistakes: string[] = [];
  for (const [id, { Type: type, Properties: given = {} }] of Object.entries(template.Resources)) {
    const [resource] = [...spec.lookup('resource', 'cloudFormationType', 'equals', type)];
    if (resource === undefined) mistakes.push(`${id}: ${type} is not a resource type`);
    else mistakes.push(...propertyMistakes(spec, resource.properties, given, id));
  }
  return [...mistakes, ...referenceMistakes(spec, template)];
}

function propertyMistakes(
  spec: SpecDatabase,
  known: Properties,
  given: Node,
  path: string,
): readonly string[] {
  const missing = Object.entries(known).filter(
    ([name, { required }]) => required === true && !(name in given),
  );
  const found = Object.entries(given).flatMap(([name, value]) => {
    const property = known[name];
    if (property === undefined) return [`${path}.${name} is not a property`];
    return valueMistakes(spec, property.type, value, `${path}.${name}`);
  });
  return [...missing.map(([name]) => `${path}.${name} is required`), ...found];
}

function valueMistakes(
  spec: SpecDatabase,
  type: PropertyType,
  value: unknown,
  path: string,
): readonly string[] {
  if (isNode(value) && Object.keys(value).some((key) => INTRINSIC.test(key))) return [];
  switch (type.type) {
    case 'string':
      return typeof value === 'string' || typeof value === 'number' ? [] : [`${path} should be a string`];
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path} should be an integer`];
    case 'number':
      return typeof value === 'number' ? [] : [`${path} should be a number`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path} should be true or false`];
    case 'array':
      if (!Array.isArray(value)) return [`${path} should be a list`];
      return value.flatMap((each, index) => valueMistakes(spec, type.element, each, `${path}[${index}]`));
    case 'map':
      if (!isNode(value)) return [`${path} should be a map`];
      return Object.entries(value).flatMap(([key, each]) =>
        valueMistakes(spec, type.element, each, `${path}.${key}`),
      );
    case 'ref': {
      const definition: TypeDefinition = spec.get('typeDefinition', type.reference.$ref);
      if (!isNode(value)) return [`${path} should be an object`];
      return propertyMistakes(spec, definition.properties, value, path);
    }
    case 'union': {
      const tried = type.types.map((each) => valueMistakes(spec, each, value, path));
      return tried.find((found) => found.length === 0) ?? tried[0] ?? [];
    }
    default:
      return [];
  }
}

/** Refs, GetAtts and Subs that name a resource or an attribute that there is not. */
function referenceMistakes(
  spec: SpecDatabase,
  { Resources: resources, Outputs: outputs }: Template,
): readonly string[] {
  const unknown = (id: string): boolean => !id.startsWith('AWS::') && !(id in resources);
  const attributeMistakes = (id: string, attribute: string, path: string): readonly string[] => {
    const type = resources[id]?.Type;
    if (type === undefined) return [`${path}: there is no resource ${id}`];
    const [resource] = [...spec.lookup('resource', 'cloudFormationType', 'equals', type)];
    const known = { ...resource?.attributes, ...resource?.properties };
    return attribute in known ? [] : [`${path}: ${type} has no attribute ${attribute}`];
  };
  const visit = (value: unknown, path: string): readonly string[] => {
    if (Array.isArray(value)) return value.flatMap((each, index) => visit(each, `${path}[${index}]`));
    if (!isNode(value)) return [];
    const { Ref: ref, 'Fn::GetAtt': got, 'Fn::Sub': sub } = value;
    if (typeof ref === 'string') return unknown(ref) ? [`${path}: there is no resource ${ref}`] : [];
    if (got !== undefined) {
      const [id = '', ...rest] = Array.isArray(got) ? got.map(String) : String(got).split('.');
      return attributeMistakes(id, rest.join('.'), path);
    }
    if (typeof sub === 'string') {
      return [...sub.matchAll(/\$\{([^!}.]+)(?:\.([^}]+))?\}/g)].flatMap(([, id = '', attribute]) => {
        if (attribute !== undefined) return attributeMistakes(id, attribute, path);
        return unknown(id) ? [`${path}: there is no resource ${id}`] : [];
      });
    }
    return Object.entries(value).flatMap(([key, each]) => visit(each, `${path}.${key}`));
  };
  return [...visit(resources, 'Resources'), ...visit(outputs, 'Outputs')];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
