import { AwsError } from '../core/errors.ts';
import { type Leaf, type LeafTest, leafTest, refuse } from './operators.ts';

/** Does this event match? Compiled once from a rule's pattern. */
export type EventMatcher = (event: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

const QUOTA = 2048;
const ABSOLUTE = 4096;

/**
 * Compiles an EventBridge event pattern; throws InvalidEventPatternException that names what is wrong.
 * Source: EventBridge user guide, "Comparison operators for use in event patterns"; semantics of aws/event-ruler.
 */
export function compilePattern(text: string): EventMatcher {
  if (text.length > ABSOLUTE) {
    const seen = `Value at 'eventPattern' failed to satisfy constraint: Member must have length less than or equal to ${ABSOLUTE}`;
    throw new AwsError('ValidationException', `1 validation error detected: ${seen}`);
  }
  if (text.length > QUOTA) refuse(`pattern is ${text.length} characters long, the limit is ${QUOTA}`);
  const pattern = parse(text);
  if (!isFields(pattern)) refuse('Filter is not an object');
  return fieldsMatcher(pattern, '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'not JSON');
  }
}

function fieldsMatcher(pattern: Fields, path: string): EventMatcher {
  const tests = Object.entries(pattern).map(([name, value]) => {
    const at = path ? `${path}.${name}` : name;
    return name === '$or' ? alternatives(value, path) : fieldMatcher(name, value, at);
  });
  if (tests.length === 0) refuse(`Empty objects are not allowed${path && ` at ${path}`}`);
  return (event) => tests.every((test) => test(event));
}

/** `$or`: at least two patterns, any of which may hold beside the other fields. */
function alternatives(value: unknown, path: string): EventMatcher {
  if (!Array.isArray(value)) return refuse('"$or" must be an array of objects');
  if (value.length < 2) refuse('There must have at least 2 Objects in $or relationship.');
  const branches = value.map((branch) =>
    isFields(branch) ? fieldsMatcher(branch, path) : refuse('"$or" must be an array of objects'),
  );
  return (event) => branches.some((branch) => branch(event));
}

function fieldMatcher(name: string, value: unknown, path: string): EventMatcher {
  if (Array.isArray(value)) {
    if (value.length === 0) refuse(`Empty arrays are not allowed at ${path}`);
    const tests = value.map((choice): LeafTest => leafTest(choice, path));
    return (event) => {
      const leaves = leavesOf(member(event, name));
      return tests.some((test) => test(leaves));
    };
  }
  if (!isFields(value)) return refuse(`"${name}" must be an object or an array`);
  const inside = fieldsMatcher(value, path);
  return (event) => {
    const objects = objectsOf(member(event, name));
    // An absent object still satisfies `exists: false` on the fields inside it.
    return objects.length === 0 ? inside({}) : objects.some(inside);
  };
}

function member(event: unknown, name: string): unknown {
  return isFields(event) && Object.hasOwn(event, name) ? event[name] : undefined;
}

/** Arrays in events stand for each of their elements; an empty array is no value at all. */
function leavesOf(value: unknown): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isLeaf(value) ? [value] : [];
}

function objectsOf(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  return isFields(value) ? [value] : [];
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
