import { OPERATORS, type Operator } from './operators.ts';
import type { RequestContext } from './pattern.ts';
import { malformed, record } from './syntax.ts';

/** One line of a Condition block: all lines of a statement must hold. */
export interface Condition {
  readonly operator: Operator;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** Lower-cased: condition keys are case-insensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Reads a Condition block; an operator that is not known is refused by name, never ignored. */
export function parseConditions(block: unknown): readonly Condition[] {
  if (block === undefined) return [];
  return Object.entries(record(block, 'Condition')).flatMap(([name, lines]) => {
    const [, quantifier, bare = '', suffix] =
      /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
    const operator = OPERATORS.get(bare);
    if (!operator || (bare === 'Null' && suffix)) throw malformed(`Invalid Condition type : ${name}.`);
    return Object.entries(record(lines, name)).map(([key, values]): Condition => {
      if (!key.includes(':')) {
        throw malformed(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: ${key}`);
      }
      return {
        operator,
        quantifier: quantifier === 'ForAllValues' || quantifier === 'ForAnyValue' ? quantifier : undefined,
        ifExists: suffix !== undefined,
        key: key.toLowerCase(),
        values: scalars(values, name, operator),
      };
    });
  });
}

/** Do all conditions hold for this request? Values may hold variables, unless the policy is of the older version. */
export function conditionsHold(
  conditions: readonly Condition[],
  context: RequestContext,
  variables = true,
): boolean {
  return conditions.every((condition) => holds(condition, context, variables ? context : undefined));
}

function holds(
  { operator, quantifier, ifExists, key, values }: Condition,
  context: RequestContext,
  variables: RequestContext | undefined,
): boolean {
  const given = context.get(key) ?? [];
  if (operator.name === 'Null') return values.includes(String(given.length === 0));
  if (given.length === 0)
    return ifExists || quantifier === 'ForAllValues' || (operator.negated && !quantifier);
  const fits = (value: string) =>
    values.some((wanted) => operator.test(value, wanted, variables)) !== operator.negated;
  if (quantifier === 'ForAnyValue') return given.some(fits);
  if (quantifier === 'ForAllValues' || operator.negated) return given.every(fits);
  return given.some(fits);
}

/** JSON policies may write numbers and booleans bare. */
function scalars(value: unknown, what: string, operator: Operator): readonly string[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return listed.map((each) => {
    const text = String(each);
    const plain = typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean';
    if (!plain || !operator.accepts(text)) {
      throw malformed(`Syntax errors in policy: ${JSON.stringify(each)} is no value for ${what}.`);
    }
    return text;
  });
}
