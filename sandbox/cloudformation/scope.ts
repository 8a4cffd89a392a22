import type { Where } from '../core/service.ts';
import { holds, NO_VALUE, type Scope } from './intrinsics.ts';
import type { Made } from './resource-type.ts';
import type { Template } from './template.ts';

export interface StackIdentity extends Where {
  readonly name: string;
  readonly id: string;
  /** The stack's own tags, which its resources get too. */
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** Every parameter's value: given, or its default; missing and unknown ones are errors. */
export function parametersOf(
  { Parameters = {} }: Template,
  given: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, unknown> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(Parameters, name));
  if (unknown.length > 0) throw new Error(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  return new Map(
    Object.entries(Parameters).map(([name, { Type, Default, AllowedValues }]) => {
      const value = given[name] ?? Default;
      if (value === undefined) throw new Error(`Parameters: [${name}] must have values`);
      if (AllowedValues && !AllowedValues.map(String).includes(String(value))) {
        throw new Error(`Parameters: [${name}] must be one of [${AllowedValues.join(', ')}]`);
      }
      if (Type.startsWith('AWS::SSM::')) throw new Error(`Parameters: [${name}]: ${Type} is not supported`);
      return [
        name,
        Type === 'CommaDelimitedList' || Type.startsWith('List<') ? String(value).split(',') : value,
      ];
    }),
  );
}

export const conditionNames = ({ Conditions = {} }: Template): ReadonlySet<string> =>
  new Set(Object.keys(Conditions));

/** What names mean in this stack; resources are known once they are made. */
export function createScope(
  stack: StackIdentity,
  { Conditions = {}, Resources }: Template,
  parameters: ReadonlyMap<string, unknown>,
  made: ReadonlyMap<string, Made>,
): Scope {
  const china = stack.partition === 'aws-cn';
  const pseudo = new Map<string, unknown>([
    ['AWS::AccountId', stack.account],
    ['AWS::Partition', stack.partition],
    ['AWS::Region', stack.region],
    ['AWS::StackId', stack.id],
    ['AWS::StackName', stack.name],
    ['AWS::URLSuffix', china ? 'amazonaws.com.cn' : 'amazonaws.com'],
    ['AWS::NotificationARNs', []],
    ['AWS::NoValue', NO_VALUE],
  ]);
  const scope: Scope = {
    ref: (name) => pseudo.get(name) ?? parameters.get(name) ?? made.get(name)?.ref,
    attribute(id, name) {
      const value = made.get(id)?.attributes?.[name];
      if (value !== undefined) return value;
      throw new Error(
        `Fn::GetAtt ${id}.${name} is not supported (${Resources[id]?.Type ?? 'no such resource'})`,
      );
    },
    condition(name) {
      if (!Object.hasOwn(Conditions, name)) throw new Error(`Condition ${name} does not exist`);
      return holds(Conditions[name], scope);
    },
  };
  return scope;
}
